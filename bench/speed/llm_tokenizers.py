"""Counts tokens of prompts with tokenizers that packages ship, where `bench.speed.llm_tokens` installed them."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import mean

type Count = Callable[[str], int]
FRAME = 12
"""Tokens that a chat template puts around two messages, about; they differ by model, and some count none."""


def of_package(name: str) -> Path:
    """The folder of an installed package."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"the package {name} is not installed; run python -m bench.speed.llm_tokens")
    return Path(spec.origin).parent


def tokenizers() -> Iterator[tuple[str, Count]]:
    os.environ["TIKTOKEN_CACHE_DIR"] = str(of_package("litellm") / "litellm_core_utils/tokenizers")
    import tiktoken  # type: ignore[import-not-found]
    from dashscope.tokenizers import get_tokenizer  # type: ignore[import-not-found]
    from mistral_common.tokens.tokenizers.tekken import Tekkenizer  # type: ignore[import-not-found]

    openai = tiktoken.get_encoding("cl100k_base")
    yield "cl100k_base (OpenAI)", lambda text: len(openai.encode(text, disallowed_special=()))
    tekken = Tekkenizer.from_file(of_package("mistral_common") / "data/tekken_240911.json")
    yield "tekken 240911 (Mistral)", lambda text: len(tekken.encode(text, bos=False, eos=False))
    qwen = get_tokenizer("qwen-turbo")
    yield "qwen (Alibaba)", lambda text: len(qwen.encode(text))


def main(path: Path, stories: int) -> None:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for name, count in tokenizers():
        instruction = count(rows[0]["instruction"])
        prompts = sorted(count(row["content"]) + instruction + FRAME for row in rows)
        answers = [count(row["answer"]) for row in rows]
        most = prompts[int(0.95 * (len(prompts) - 1))]
        sums = [len(rows) / stories * mean(each) / 1000 for each in (prompts, answers)]
        print(
            f"  {name}: instruction {instruction}, prompt mean {mean(prompts):.0f}, 95 % up to {most}, answer mean"
            f" {mean(answers):.0f}, most {max(answers)}; a thousand stories {sums[0]:.2f} + {sums[1]:.2f} million"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
