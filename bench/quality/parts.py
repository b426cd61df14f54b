"""What is measured: each part gives a table with all systems in it, and examples of where we fail."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import starmap
from pathlib import Path

from bench.quality import data, ours, peers, speed
from bench.quality.data import Page, Piece, Telling
from bench.quality.faults import Fault, Source, faults, hard
from bench.quality.report import US, Figure, Table
from bench.quality.scoring import OPENING, Groups, added, b_cubed, macro_f1, mean, pairs, rouge, shingles

#: One article in so many is measured by ``--quick``.
QUICK = 5
#: Articles are put into pools of this size, as an edition's day has them, so many times over.
POOL, SHUFFLES = 60, 5
#: The words of an article that the peers group by.
_TOLD = 300
#: And those of its text that a feed usually has.
_TEASER = 30


@dataclass(frozen=True, slots=True)
class Part:
    summary: str
    tables: Callable[[Path, int], list[Table]]
    #: Our failures, worst first, each as it is to be read.
    failures: Callable[[Path, int], Iterator[str]]


# --- page → text --------------------------------------------------------------------------------------


def page_tables(folder: Path, step: int) -> list[Table]:
    pages = data.sample(data.pages(folder), step)
    systems: dict[str, Callable[[Page], str]] = {US: lambda page: ours.read(page).text}
    for name, extract in peers.extractors().items():
        systems[name] = lambda page, extract=extract: extract(page.html, page.url)  # type: ignore[misc]
    table = Table(
        f"page → text: F1 of 4-word shingles, {len(pages)} pages",
        (Figure("all of it", above=96.8), Figure(f"first {OPENING} words", above=94.5)),
    )
    for name, extract_page in systems.items():
        texts = [extract_page(page) for page in pages]
        both = [
            macro_f1(
                [shingles(text, page.body, words=words) for text, page in zip(texts, pages, strict=True)]
            )
            for words in (None, OPENING)
        ]
        table.rows[name] = [100 * score for score in both]
    return [table]


def page_failures(folder: Path, step: int) -> Iterator[str]:
    scored = []
    for page in data.sample(data.pages(folder), step):
        text = ours.read(page).text
        opening, whole = shingles(text, page.body, words=OPENING), shingles(text, page.body)
        scored.append((opening.f1 + whole.f1, opening, whole, page, text))
    for _, opening, whole, page, text in sorted(scored, key=lambda each: each[0]):
        lines, wanted = text.splitlines(), page.body.splitlines()
        missed = [line for line in wanted if line.strip() and not Source(text).has(line)]
        surplus = [line for line in lines if not Source(page.body).has(line)]
        yield "\n".join(
            (
                f"{page.id[:12]} {page.url}",
                f"  opening P {opening.precision:.2f} R {opening.recall:.2f}; "
                f"all P {whole.precision:.2f} R {whole.recall:.2f}",
                *(f"  missed:  {line[:160]}" for line in missed[:5]),
                *(f"  surplus: {line[:160]}" for line in surplus[:5]),
            )
        )


# --- blurbs from clean text ---------------------------------------------------------------------------

#: Sets that are scored together: the 60-word news, CNN's highlights, and these with two small sets of CNN's
#: articles that have other summaries, too. What is asked is asked of the first two.
_KINDS = {
    "60 words": ("inshorts",),
    "CNN": ("cnndm",),
    "all of CNN": ("cnndm", "realsumm", "summeval"),
    "writers": ("writers",),
}
_WORDING = {"60 words": (47.0, 33.8), "CNN": (30.8, 20.7)}
#: The same beyond lead-3, which had 46.6 / 33.0 and 29.1 / 19.5 of the articles that were measured then:
#: other ones are harder or easier for both.
_BEYOND = {"60 words": (0.4, 0.8), "CNN": (1.7, 1.2), "all of CNN": (1.7, 1.2)}


def blurb_tables(folder: Path, step: int) -> list[Table]:
    pieces = data.sample(data.pieces(folder), step)
    made: dict[str, list[Sequence[str]]] = {
        US: [ours.blurb(ours.of_piece(piece)).sentences for piece in pieces]
    }
    for name, pick in peers.pickers().items():
        made[name] = [pick(piece.text) for piece in pieces]
    figures = []
    for name in _KINDS:
        one, other = _WORDING.get(name, (None, None))
        figures += [Figure(f"{name} 1", above=one), Figure("L", above=other)]
    wording = Table(f"blurb wording: ROUGE-1 and -L, F1, {len(pieces)} articles", tuple(figures))
    sound = Table(
        f"blurbs from clean text: share without a fault, {len(pieces)} articles",
        (
            Figure("hard", above=99.5),
            Figure("any"),
            Figure("median words", decimals=0),
            Figure("no blurb", decimals=0),
        ),
    )
    for name, blurbs in made.items():
        wording.rows[name] = list(_wording(pieces, blurbs))
        sound.rows[name] = _soundness(
            [
                faults(blurb, source=Source(piece.text), headline=piece.title)
                for piece, blurb in zip(pieces, blurbs, strict=True)
                if blurb
            ],
            blurbs,
        )
    return [wording, *_beyond(wording), sound]


def _beyond(wording: Table) -> Iterator[Table]:
    """How much more than lead-3 ours has, where that was measured."""
    figures = []
    for name in _KINDS:
        one, other = _BEYOND.get(name, (None, None))
        figures += [Figure(f"{name} 1", above=one), Figure("L", above=other)]
    if (lead := wording.rows.get("lead-3")) is not None:
        gained = [
            None if mine is None or theirs is None else mine - theirs
            for mine, theirs in zip(wording.rows[US], lead, strict=True)
        ]
        yield Table("the same beyond lead-3", tuple(figures), {US: gained})


def _wording(pieces: Sequence[Piece], blurbs: Sequence[Sequence[str]]) -> Iterator[float]:
    """A missing blurb has no word in common with anything."""
    scores = [rouge(" ".join(blurb), piece.refs) for piece, blurb in zip(pieces, blurbs, strict=True)]
    for sets in _KINDS.values():
        of_set = [score for piece, score in zip(pieces, scores, strict=True) if piece.set in sets]
        yield from (100 * mean(column) for column in zip(*of_set, strict=True))


def _soundness(found: Sequence[Sequence[Fault]], blurbs: Sequence[Sequence[str]]) -> list[float | None]:
    lengths = sorted(len(" ".join(blurb).split()) for blurb in blurbs if blurb)
    return [
        _percent(not hard(each) for each in found),
        _percent(not each for each in found),
        lengths[len(lengths) // 2] if lengths else None,
        sum(not blurb for blurb in blurbs),
    ]


def blurb_failures(folder: Path, step: int) -> Iterator[str]:
    found = []
    for piece in data.sample(data.pieces(folder), step):
        blurb = ours.blurb(ours.of_piece(piece))
        of_blurb = faults(blurb.sentences, source=Source(piece.text), headline=piece.title)
        found.append((piece.id, piece.title, blurb, of_blurb))
    yield from _told(found)


def _told(found: Sequence[tuple[str, str, ours.Made, list[Fault]]]) -> Iterator[str]:
    """How often which fault, then the blurbs that have one, hard ones first."""
    counts = Counter((not fault.hard, fault.name) for *_, each in found for fault in each)
    names = (f"{'soft' if soft else 'HARD'} {name} {count}" for (soft, name), count in sorted(counts.items()))
    yield "all of ours: " + "; ".join(names)
    for id_, title, blurb, each in sorted(found, key=lambda one: -len(hard(one[3]))):
        if each or not blurb.sentences:
            named = [
                f"  {'HARD' if fault.hard else 'soft'} {fault.name}: {fault.evidence[:160]}" for fault in each
            ]
            yield "\n".join((f"{id_[:24]} [{blurb.written_by}] {title}", f"  {blurb.text}", *named))


# --- blurbs from real pages ---------------------------------------------------------------------------


def page_blurb_tables(folder: Path, step: int) -> list[Table]:
    pages = data.sample(data.pages(folder), step)
    made = [ours.blurb(ours.read(page)) for page in pages]
    blurbs: dict[str, list[Sequence[str]]] = {US: [blurb.sentences for blurb in made]}
    for name, blurb_of in _from_pages().items():
        blurbs[name] = [blurb_of(page.html, page.url) for page in pages]
    table = Table(
        f"blurbs from real pages: share of {len(pages)} whose …",
        (
            Figure("words in body", above=98),
            Figure("no hard fault", above=97.5),
            Figure("no fault", above=92),
            Figure("publisher's own", decimals=0),
            Figure("no blurb", decimals=0),
        ),
    )
    sources = [Source(page.body) for page in pages]
    titles = [peers.title(page.html) for page in pages]
    for name, written in blurbs.items():
        judged = [
            (all(source.has(sentence) for sentence in blurb), faults(blurb, source=source, headline=title))
            for blurb, source, title in zip(written, sources, titles, strict=True)
            if blurb
        ]
        table.rows[name] = [
            _percent(verbatim for verbatim, _ in judged),
            _percent(not hard(found) for _, found in judged),
            _percent(not found for _, found in judged),
            sum(blurb.written_by == "publisher" for blurb in made) if name == US else None,
            len(written) - len(judged),
        ]
    return [table]


def _from_pages() -> dict[str, Callable[[bytes, str], list[str]]]:
    pickers, found = peers.pickers(), {}
    extractors = peers.extractors()
    for extractor, picker in (
        ("newspaper4k", "lead-3"),
        ("readability-lxml", "lead-3"),
        ("trafilatura, precision", "lead-3"),
        ("trafilatura, precision", "sumy LexRank"),
    ):
        if extractor in extractors and picker in pickers:
            extract, pick = extractors[extractor], pickers[picker]
            name = f"{extractor.removesuffix(', precision')} + {picker.removeprefix('sumy ')}"
            found[name] = lambda page, url, extract=extract, pick=pick: pick(extract(page, url))
    if pickers:
        found["publisher's description"] = lambda page, _: peers.sentences(peers.description(page))
    return found


def page_blurb_failures(folder: Path, step: int) -> Iterator[str]:
    found = []
    for page in data.sample(data.pages(folder), step):
        blurb = ours.blurb(ours.read(page))
        title = peers.title(page.html)
        of_blurb = faults(blurb.sentences, source=Source(page.body), headline=title)
        found.append((page.id, f"{title} {page.url}", blurb, of_blurb))
    yield from _told(found)


# --- the same story -----------------------------------------------------------------------------------


def story_tables(folder: Path, step: int) -> list[Table]:
    tellings = _tellings(folder, step)
    teased = [replace(each, text=" ".join(each.text.split()[:_TEASER])) for each in tellings]
    reach = (84, None, None, 91, 94, 94, 94, 94)
    return [
        _grouped(
            f"same story: {len(tellings)} articles, all at once and in pools of {POOL}", tellings, reach
        ),
        _grouped(f"the same of titles with {_TEASER} words of text, as feeds have them", teased, (None,) * 8),
    ]


def _grouped(title: str, tellings: Sequence[Telling], reach: Sequence[float | None]) -> Table:
    systems: dict[str, Callable[[Sequence[Telling]], Groups]] = {US: ours.groups}
    for name, group in peers.groupers().items():
        systems[name] = lambda told, group=group: [  # type: ignore[misc]
            [told[index].id for index in members] for members in group(list(map(_as_told, told)))
        ]
    names = ("pairs F1", "precision", "recall", "B³ F1")
    pooled = ("pools of whole stories, pairs F1", "B³ F1", "of any articles, pairs F1", "B³ F1")
    figures = starmap(Figure, zip((*names, *pooled), reach, strict=True))
    table = Table(title, tuple(figures))
    for name, group_all in systems.items():
        groups, labels = group_all(tellings), _labels(tellings)
        whole = pairs(groups, labels)
        in_pools = [
            figure for pools in (_whole_pools, _pools) for figure in _pooled(group_all, pools(tellings))
        ]
        all_at_once = (
            whole.f1,
            whole.precision,
            whole.recall,
            b_cubed(group_all(tellings), _labels(tellings)),
        )
        table.rows[name] = [100 * value for value in (*all_at_once, *in_pools)]
    return table


def _pooled(
    group: Callable[[Sequence[Telling]], Groups], pools: Iterable[Sequence[Telling]]
) -> tuple[float, float]:
    """F1 of the pairs of all *pools* together, and the mean of their B³."""
    in_pools, cubes = [], []
    for pool in pools:
        groups, labels = group(pool), _labels(pool)
        in_pools.append(pairs(groups, labels))
        cubes.append(b_cubed(groups, labels))
    return added(in_pools).f1, mean(cubes)


def story_failures(folder: Path, step: int) -> Iterator[str]:
    """Groups that hold several stories, and stories in several groups."""
    by_id = {telling.id: telling for telling in _tellings(folder, step)}
    groups = ours.groups(list(by_id.values()))
    mixed = [group for group in groups if len({by_id[member].story for member in group}) > 1]
    for group in sorted(mixed, key=len, reverse=True):
        yield f"{len({by_id[member].story for member in group})} stories in one group\n" + "\n".join(
            f"  {by_id[member].story[:16]:<18}{by_id[member].title[:110]}"
            for member in sorted(group, key=lambda member: by_id[member].story)
        )
    parts: dict[str, list[list[str]]] = {}
    for group in groups:
        for story in {by_id[member].story for member in group}:
            parts.setdefault(story, []).append([member for member in group if by_id[member].story == story])
    for story, members in sorted(parts.items(), key=lambda item: -len(item[1])):
        if len(members) > 1:
            yield f"one story in {len(members)} groups: {story}\n" + "\n".join(
                f"  {len(part):>2}: {by_id[part[0]].title[:110]}"
                for part in sorted(members, key=len, reverse=True)
            )


def _tellings(folder: Path, step: int) -> list[Telling]:
    """A sample is of whole topics, or there would be nothing to group."""
    tellings = data.tellings(folder)
    topics = set(list(dict.fromkeys(telling.topic for telling in tellings))[::step])
    return [telling for telling in tellings if telling.topic in topics]


def _labels(tellings: Sequence[Telling]) -> dict[str, str]:
    return {telling.id: telling.story for telling in tellings}


def _as_told(telling: Telling) -> str:
    return f"{telling.title} {' '.join(telling.text.split()[:_TOLD])}"


def _pools(tellings: Sequence[Telling]) -> Iterator[list[Telling]]:
    """Pools of articles drawn one by one: few are of one story, and what is alike is mostly the same kind of
    event in another year, so nobody comes as far there as with all at once.
    """
    for seed in range(SHUFFLES):
        shuffled = list(tellings)
        random.Random(seed).shuffle(shuffled)
        for start in range(0, max(len(shuffled) - POOL, 0) + 1, POOL):
            yield shuffled[start : start + POOL]


def _whole_pools(tellings: Sequence[Telling]) -> Iterator[list[Telling]]:
    """Pools of few stories with all their tellings, as on a day when everybody writes of the same."""
    stories: dict[str, list[Telling]] = {}
    for telling in tellings:
        stories.setdefault(telling.story, []).append(telling)
    for seed in range(SHUFFLES):
        shuffled = list(stories.values())
        random.Random(seed).shuffle(shuffled)
        pool: list[Telling] = []
        for story in shuffled:
            pool += story
            if len(pool) >= POOL:
                yield pool[:POOL]
                pool = []


# --- dig deeper ---------------------------------------------------------------------------------------


def deeper_tables(folder: Path, step: int) -> list[Table]:
    tellings = _related(folder, step)
    by_id = {telling.id: telling for telling in tellings}
    found = ours.deeper(tellings)
    right, same = (
        sum(test(by_id[one], by_id[other]) for one, other in found.items()) for test in (_deepens, _repeats)
    )
    table = Table(
        f"dig deeper: what is put first, {len(tellings)} articles",
        (Figure("related, right", above=62), Figure("same story", below=8), Figure("answered", above=90)),
    )
    answers = len(found) or 1
    table.rows[US] = [100 * right / answers, 100 * same / answers, 100 * len(found) / len(tellings)]
    nearest = _nearest_outside(tellings)
    if nearest:
        scores = [
            (_deepens(by_id[one], by_id[other]), _repeats(by_id[one], by_id[other]))
            for one, other in nearest.items()
        ]
        table.rows["TF-IDF, nearest outside group"] = [
            100 * mean(column) for column in zip(*scores, strict=True)
        ] + [100 * len(nearest) / len(tellings)]
    return [table]


def _nearest_outside(tellings: Sequence[Telling]) -> Mapping[str, str]:
    """The peer: the most alike article that its groups part from this one."""
    if "TF-IDF, average link" not in peers.groupers():
        return {}
    nearest = peers.nearest_outside(list(map(_as_told, tellings)))
    return {tellings[one].id: tellings[other].id for one, other in nearest.items()}


def _deepens(one: Telling, other: Telling) -> bool:
    return one.topic == other.topic and one.story != other.story


def _repeats(one: Telling, other: Telling) -> bool:
    return one.story == other.story


def _related(folder: Path, step: int) -> list[Telling]:
    """The sets in which a topic has more than one story."""
    tellings = _tellings(folder, step)
    stories: dict[str, set[str]] = {}
    for telling in tellings:
        stories.setdefault(telling.topic, set()).add(telling.story)
    return [telling for telling in tellings if len(stories[telling.topic]) > 1]


def deeper_failures(folder: Path, step: int) -> Iterator[str]:
    by_id = {telling.id: telling for telling in _related(folder, step)}
    found = ours.deeper(list(by_id.values()))
    for one, telling in by_id.items():
        target = by_id[found[one]] if one in found else None
        if target is None or not _deepens(telling, target):
            verdict = (
                "none" if target is None else "same story" if _repeats(telling, target) else "other topic"
            )
            yield f"{verdict}: {telling.story}: {telling.title[:100]}\n" + (
                f"  → {target.story}: {target.title[:100]}" if target else "  → nothing"
            )


# --- speed --------------------------------------------------------------------------------------------


def speed_tables(folder: Path, step: int) -> list[Table]:
    return speed.tables(data.sample(data.pieces(folder), 4 * step), data.sample(data.pages(folder), 2 * step))


def speed_failures(_folder: Path, _step: int) -> Iterator[str]:
    yield "speed has figures only"


def _percent(tests: Iterable[bool]) -> float:
    return 100 * mean([float(test) for test in tests])


PARTS: Mapping[str, Part] = {
    "pages": Part("page → text", page_tables, page_failures),
    "blurbs": Part("blurbs from clean text", blurb_tables, blurb_failures),
    "page-blurbs": Part("blurbs from real pages", page_blurb_tables, page_blurb_failures),
    "stories": Part("same story", story_tables, story_failures),
    "deeper": Part("dig deeper", deeper_tables, deeper_failures),
    "speed": Part("speed", speed_tables, speed_failures),
}
