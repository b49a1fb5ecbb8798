"""The page of exceptions, as HTML and as Markdown."""

from __future__ import annotations

import dataclasses
import itertools
import re
import subprocess
from pathlib import Path

import pytest
from exceptions_estate import HOSTILE, REGISTER, SECRETS, TODAY, made, nothing
from test_report_html import CHROMIUM, Page

from rolefirst.exceptions.review import Review, Status
from rolefirst.reports import ReportContext
from rolefirst.reports.exceptions_markdown import MARK
from rolefirst.reports.exceptions_report import render
from rolefirst.reports.markdown import LIMIT

CONTEXT = ReportContext(excerpt=lambda _l, _c: "", color=False, version="1.2.3")
CONTRAST = 4.5
#: What text is written in, and what it is written on.
INKS = ("ink", "soft", "critical", "high", "medium", "low", "good")
PAPERS = ("page", "card")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Review:
    return made(tmp_path_factory.mktemp("estate"))


@pytest.fixture(scope="module")
def html(shown: Review) -> str:
    return render("html", shown, CONTEXT)


@pytest.fixture(scope="module")
def markdown(shown: Review) -> str:
    return render("markdown", shown, CONTEXT)


def test_golden(html: str, markdown: str, golden) -> None:
    golden("exceptions.html", html)
    golden("exceptions.md", markdown)


def test_the_worst_comes_first(shown: Review) -> None:
    assert [(item.entry.id, item.status) for item in shown.exceptions] == [
        ("EXC-2", Status.CONTRADICTED),
        ("EXC-4", Status.EXPIRED),
        ("EXC-6", Status.INVALID),
        ("EXC-5", Status.ORPHANED),
        ("EXC-3", Status.SOON),
        ("EXC-7", Status.LATER),
        ("EXC-1", Status.VALID),
    ]
    assert dict(shown.counts()) == {
        "valid": 3,
        "ends within 30 days": 1,
        "ends within 60 days": 2,
        "expired": 1,
        "contradicted": 1,
        "not valid": 1,
        "orphaned": 1,
        "keys without exception": 3,
    }


def test_a_claim_stands_beside_its_evidence(shown: Review) -> None:
    (key,) = shown.exceptions[0].keys
    found = {claim.element: claim for claim in key.claims}

    assert list(found) == ["purpose", "permissions", "source", "rotation", "audit", "owner"]
    source = found["source"]
    assert (source.claim, source.verdict) == ("198.51.100.0/24", "contradicted")
    assert source.evidence == "the code also allows 203.0.113.16/28"
    assert [str(place.location) for place in source.places] == ["main.tf:54"]
    assert str(source.at) == "access-key-exceptions.yaml:27"
    assert {found[name].verdict for name in ("purpose", "permissions", "rotation", "owner")} == {
        "holds"
    }
    assert found["audit"].verdict == "cannot be told"


def test_each_step_of_the_order_has_a_word(shown: Review) -> None:
    steps = shown.exceptions[0].keys[0].steps
    assert [(step.name, step.verdict) for step in steps] == [
        ("IAM role", "passed over"),
        ("IAM Identity Center", "passed over"),
        ("Temporary credentials", "recommended"),
        ("Access key", "not needed"),
    ]
    assert steps[0].entry == "The scales stand in the warehouse, not on AWS"
    assert "outside AWS" in steps[0].code


def test_what_else_is_wrong_stays(shown: Review) -> None:
    assert [f.rule.id for f in shown.exceptions[0].keys[0].findings] == ["RF703"]


def test_keys_without_exception_have_their_decision(shown: Review) -> None:
    decided = {f.address: f.decision.alternative for f in shown.bare if f.decision}
    assert decided.pop("aws_iam_access_key.ci") == "oidc-federation"
    assert set(decided.values()) == {"delete-unused"}


def test_a_later_end_and_another_approver_are_named(html: str, markdown: str) -> None:
    for text in (html, markdown):
        assert "its end was put off by 120 days" in text
        assert "somebody else approves it" in text


def test_shows_no_secret(html: str, markdown: str) -> None:
    for text in (html, markdown):
        assert not [secret for secret in SECRETS if secret in text]
        assert "AKIA****" in text.replace("\\", "")


# --- HTML --------------------------------------------------------------------------------------


def test_every_name_of_an_element_is_one_of_the_page(html: str) -> None:
    page = Page(html)
    ids = page.ids()
    assert len(set(ids)) == len(ids)
    for _, attrs in page.elements:
        if target := attrs.get("aria-labelledby"):
            assert target in ids
        if (link := attrs.get("href")) is not None:
            assert link.startswith("#")
            assert link.removeprefix("#") in ids


def test_loads_nothing_and_runs_nothing(html: str) -> None:
    page = Page(html)
    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in page.elements}
    for tag, attrs in page.elements:
        assert not [name for name in attrs if name.startswith("on") or name == "src"], tag


def test_a_register_is_never_an_element(tmp_path: Path, shown: Review) -> None:
    plain = REGISTER
    for text in HOSTILE.values():
        plain = plain.replace(text, "somebody has records")
    assert plain != REGISTER
    harmless = render("html", dataclasses.replace(made(tmp_path, plain), since=None), CONTEXT)
    hostile = render("html", dataclasses.replace(shown, since=None), CONTEXT)
    tags = [[tag for tag, _ in Page(text).elements] for text in (harmless, hostile)]
    assert tags[0] == tags[1]


def test_a_long_text_is_cut(html: str) -> None:
    assert 10 < max(map(len, re.findall(r"(?:&lt;b&gt;long&lt;/b&gt; ?)+", html))) < 1500
    assert max(len(line) for line in html.splitlines()) < 4000


def test_headings_step_down_one_by_one(html: str) -> None:
    tags = [tag for tag, _ in Page(html).elements]
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_tables_and_pictures_can_be_heard(html: str) -> None:
    elements = Page(html).elements
    tags = [tag for tag, _ in elements]
    assert {"header", "main", "footer"} <= set(tags)
    assert tags.count("caption") == tags.count("table") > 10
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in elements if tag == "th")
    pictures = [attrs for tag, attrs in elements if tag == "svg"]
    assert pictures
    assert all(attrs["role"] == "img" and attrs["aria-label"] for attrs in pictures)


def _luminance(color: str) -> float:
    def linear(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(color[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_has_contrast(html: str, dark: bool) -> None:
    """The formula of WCAG 2."""
    light, darkness = re.findall(r":root \{(.*?)\}", html, re.DOTALL)
    colors = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", darkness if dark else light))
    for ink, paper in itertools.product(INKS, PAPERS):
        low, high = sorted(_luminance(colors[name]) for name in (ink, paper))
        assert (high + 0.05) / (low + 0.05) >= CONTRAST, (ink, paper)


@pytest.mark.parametrize("name", ["html", "markdown"])
def test_a_folder_without_keys_has_a_page(name: str) -> None:
    text = render(name, nothing(), CONTEXT)
    assert "0 exceptions, 0 keys" in text
    assert "There is no key in this code." in text
    assert str(TODAY) in text


def seen(html: str, folder: Path, width: int, script: str) -> str:
    """What a script says that looks at the page, ``d``, in a frame of that width."""
    page, frame = folder / "page.html", folder / "frame.html"
    page.write_text(html, encoding="utf-8")
    frame.write_text(
        f'<iframe id="f" src="page.html" style="width:{width}px;height:900px;border:0"></iframe>'
        "<p id=o></p><script>onload = () => { const d = f.contentDocument, r = d.documentElement;"
        f"{script} }}</script>",
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            CHROMIUM or "",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
            # The frame may look into the page: both are files here.
            "--allow-file-access-from-files",
            f"--user-data-dir={folder / 'profile'}",
            "--enable-logging=stderr",
            "--dump-dom",
            frame.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert not [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    told = re.search(r'<p id="o">(.*?)</p>', done.stdout)
    return told[1] if told else done.stdout


@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_a_browser_shows_it_without_a_word_and_without_scrolling(html: str, tmp_path: Path) -> None:
    script = (
        "o.textContent = `${r.scrollWidth - r.clientWidth} px too wide, ${d.title}, "
        "scripts ${d.scripts.length}`"
    )
    told = "0 px too wide, rolefirst: 7 exceptions, 9 keys, 3 without exception, scripts 0"
    assert seen(html, tmp_path, 400, script) == told


@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_no_word_of_a_status_is_broken_whatever_the_font(html: str, tmp_path: Path) -> None:
    script = """
      d.body.style.fontFamily = 'monospace';
      const broken = [];
      for (const e of d.querySelectorAll('.counts dt, .mark')) {
        const t = e.firstChild, w = d.createRange();
        for (const m of t.data.matchAll(/[^ ]+/g)) {
          w.setStart(t, m.index); w.setEnd(t, m.index + m[0].length);
          if (w.getClientRects().length > 1) broken.push(m[0]);
        }
      }
      o.textContent = `broken: ${broken}, ${r.scrollWidth - r.clientWidth} px too wide`
    """
    assert seen(html, tmp_path, 1100, script) == "broken: , 0 px too wide"


# --- Markdown ----------------------------------------------------------------------------------


def test_markdown_has_no_element_and_no_link(markdown: str) -> None:
    assert markdown.startswith(MARK)
    # In code spans nothing is an element.
    spoken = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", markdown)
    assert not re.sub(r"<!-- .*?-->|<!-- -->|</?(?:details|summary)>", "", spoken).count("<")
    assert not re.search(r"(?<!\\)\[", spoken)
    assert "@everyone" not in spoken


def test_every_row_has_the_cells_of_its_table(markdown: str) -> None:
    lines = markdown.splitlines()
    width = 0
    for line in lines:
        bars = len(re.findall(r"(?<!\\)\|", line))
        if line.startswith("|"):
            width = width or bars
            assert bars == width, line
        else:
            width = 0


def test_markdown_has_a_limit(shown: Review) -> None:
    many = dataclasses.replace(shown, exceptions=shown.exceptions * 40)
    text = render("markdown", many, CONTEXT)
    assert len(text.encode()) <= LIMIT
    assert text.endswith("Not everything has room here; the HTML page has it.\n")
