"""Rules over the graph of our imports: no module imports itself by way of others, and no chain of imports is long."""

from graphlib import CycleError, TopologicalSorter

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output


class NoCircles(Contract):
    """Over single modules of the root packages: they may know one another's, as long as no chain leads back."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        circle = circle_of(graph, set(self.session_options["root_packages"]))
        return ContractCheck(kept=not circle, metadata={"circle": circle})

    def render_broken_contract(self, check: ContractCheck) -> None:
        output.print_error(" imports ".join(check.metadata["circle"]))


def circle_of(graph: ImportGraph, packages: set[str]) -> list[str]:
    """One circle, from a module back to itself; empty if there is none."""
    ours = {module for module in graph.modules if module.partition(".")[0] in packages}
    known = {module: graph.find_modules_directly_imported_by(module) & ours for module in sorted(ours)}
    try:
        TopologicalSorter(known).prepare()
    except CycleError as found:
        return list(reversed(found.args[1]))
    return []


def longest_chain(graph: ImportGraph, package: str) -> list[str]:
    """The longest way down through a package's modules, each of which imports the next. Raises `CycleError`."""
    ours = {module for module in graph.modules if module.partition(".")[0] == package}
    known = {module: graph.find_modules_directly_imported_by(module) & ours for module in sorted(ours)}
    chains: dict[str, list[str]] = {}
    for module in TopologicalSorter(known).static_order():
        chains[module] = [module, *max((chains[below] for below in sorted(known[module])), key=len, default=[])]
    return max(chains.values(), key=len, default=[])
