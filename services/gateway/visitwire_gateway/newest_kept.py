"""What is kept of many things, as far as there is room."""

from collections import OrderedDict


class NewestKept[K, V](OrderedDict[K, V]):
    """Holds at most `most` entries: the one put in first goes first. Writing over an entry leaves it its place."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        while len(self) > self._most:
            self.popitem(last=False)
