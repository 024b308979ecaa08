"""Every word of the web chat's pages is on the list for clinical review."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
LIST = HERE.parents[3] / "docs/clinical/web.md"


def test_every_text_is_listed_for_clinical_review() -> None:
    listed = LIST.read_text(encoding="utf-8")
    texts: set[str] = set()
    for file in (*HERE.glob("templates/web/*.html"), HERE / "pages.py", HERE / "actions.py"):
        source = file.read_text(encoding="utf-8")
        texts |= set(re.findall(r'\b_\(\s*"((?:[^"\\]|\\.)*)"', source))
        texts |= set(re.findall(r"{% trans[^%]*%}(.*?){% endtrans %}", source, re.S))
    assert len(texts) > 50
    assert not [text for text in texts if f"| {text} |" not in listed]
