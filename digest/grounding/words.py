"""The words of a text with their positions, folded for comparison; and which of them are names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from digest.grounding.calendar import full
from digest.sentences import split
from digest.words.terms import STOPWORDS
from digest.words.text import listed

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}|[^\W\d_]*\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w,])|\d+\.\d+(?![\w.])|\[[^\W\d_]\][^\W\d_]+"
    r"|[^\W_]+(?:[’'-][^\W_]+)*"
)
_POSSESSIVE = re.compile(r"(?:['’]s|['’])\Z")
_LONGEST = 60
#: Two spellings of one word: harbour, theatre, defence, organise.
_AMERICAN = {"our": "or", "tre": "ter", "ence": "ense", "is": "iz", "ys": "yz"}
_BRITISH = re.compile(
    r"(?<=...)our(?=s?\Z|ed|ing|ite|abl|ful|hood|ly)|(?<=...)tre(?=s?\Z)|(?<=(?:def|off))ence(?=s?\Z)"
    r"|(?<=...)(?<!prom)(?<!w)[iy]s(?=e\Z|es\Z|ed\Z|er\Z|ers\Z|ing\Z|ation)"
)
#: Marks behind which a capital says nothing.
_OPENING = frozenset("\"“„«‘'’:;…•—–([")


#: They stand before a name, and say of what kind it is.
TITLES = listed(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend fr father sister brother pastor "
    "bishop archbishop cardinal pope rabbi imam king queen prince princess duke duchess president vice "
    "premier chancellor minister secretary ambassador senator sen sens representative rep reps "
    "congressman congresswoman governor gov mayor councilman councilwoman speaker chairman chairwoman "
    "chair chief judge justice attorney general gen colonel col major maj captain capt lieutenant lt "
    "sergeant sgt corporal private officer deputy detective sheriff inspector superintendent constable "
    "commissioner commander admiral director ceo cfo coach manager saint st jr sr former ex"
)
#: Words that open sentences in anybody's words, names of nothing.
_COMMON = listed(
    "according accused action actor actors actress added adding additional additionally administration "
    "adults advocates agents ahead aides almost already amid analysis analysts anger announced annual "
    "anybody anyone anything apart apparently approximately arguing armed around artists asked asking "
    "asserts astronomers athletes attackers attempts attorneys authorities authors barely based beginning "
    "believe besides better beyond billion bodies border bosses boy boys building buildings built "
    "business businesses calling calls campaigners captain car cars case central certain certainly "
    "chances changes charges charity chief children citing citizens city civil civilians claiming claims "
    "clashes climate climbers clinics club clubs coach coaches commenting communities commuters companies "
    "company compared concern concerns conditions conservatives consider consumers contrary cost costs "
    "council councillors counting couples court courts crews crime critics crowds current currently "
    "customers cuts cyclists damage data dead deaths debate debris decades defence defender defense "
    "delegates demand democracy demonstrators deputies described despite details detainees detectives "
    "developers diplomats directors discussing divers doctors dogs donors drivers drugs earlier early "
    "east economists economy editors education efforts eight eighteen eighty elected election elections "
    "eleven elsewhere emergency employees employers energy engineers enough entire environmental equally "
    "especially evacuation eventually everybody everyone everything evidence examiners except executives "
    "exit expected experts explaining exports extra facts families family fans farmer farmers fears "
    "featuring federal fellow female fewer fifteen fifty fighters fighting figures filmmakers final "
    "finally financial finds fire firefighters fires firms fishermen five flights flooding following "
    "footage forecasters foreign forensic former forty found four fourteen free friday friends fuel "
    "funding funds future gets girl girls gives global goalkeeper government governments governors great "
    "groups growing growth guests gunmen half hardly having head health heavy help helped high hikers "
    "historians holding homes hopes hospital hospitals hours house households human hundreds hunters "
    "immediately immigrants includes including indeed independent industry inflation initial initially "
    "injured inmates inside inspectors instead insurers international investigators investors involved "
    "islands issues jobs journalists judge judges jurors jury key known labor labour land large largely "
    "late later latest launched law lawmakers lawyers lead leaders leading learn leaves leaving led left "
    "legal lessons letters liberals life little local located long looking lots low made main major "
    "making male man manager managers many markets massive maybe mayors meanwhile media medical meet "
    "members men midfielder migrants military million millions ministers minutes money months moreover "
    "mostly mothers mourner mourners much music names national nationwide natural nearly neighbors "
    "neighbours neither nevertheless new newly news next night nine nineteen ninety nobody none "
    "nonetheless north notably notes nothing now nurse nurses observers obviously offering officers "
    "officials oil older once one ongoing online only open opened opponents opposition orders organisers "
    "organizers original originally others otherwise outside overall overnight owners parents part "
    "participants partly parts party passenger passengers past patients patrons people percent perhaps "
    "person personal phones photos physicians pilots planners plans players plus police policy political "
    "politicians polls poor popular population possible possibly power pressure previous previously "
    "prices prior prisoners private producers production professors profits programs promoters prompted "
    "proponents prosecutors protesters protests public publishers pupil pupils questions quick quoting "
    "rain raising rarely rather reaction readers real recent recently record records reducing referring "
    "reforms refugees regarding regardless regional regulators relations relatives religious replying "
    "reported reportedly reporters reports representatives republicans rescue rescuers research "
    "researchers residents responding response restaurants results retailers retired revealed revenue "
    "right rights rising rivals roads roughly rules running safety said sailors sales says scarcely "
    "school schoolchildren schools science scientists scores search searchers seconds secret security "
    "senators senior separately series service services seven seventeen seventy several share "
    "shareholders shares shops short shortly shot significant similar similarly simply singer singers six "
    "sixteen sixty social soldiers something sometimes soon sources south speakers speaking special "
    "specialists spectators speech spokesman stabbed staff standing starting state statements states "
    "stocks stores storms striker strong struck students studies study subsequently successful suddenly "
    "supplies supporters surgeons surrounded surveillance survivors suspects swimmers taking talking "
    "taxes teachers teams technology teen teenager teenagers teens ten tenants tens tensions testing "
    "tests thanks thieves things thirteen thirty though thousands three thus tickets time times today "
    "toddlers together told tomorrow took top total tourists towns trade traders traffic trainers "
    "training travel travelers traveling travellers treatment troops trying twelve twenty twice two "
    "ultimately unemployment unfortunately union unions universities unlike upon users using usually "
    "vaccines various vehicles veteran veterans veterinarians victims video videos villagers violence "
    "visitors volunteers voters voting wages war warning was watching water weather weeks went west "
    "whatever whether whilst winds winners wins witnesses woman women work workers working world worse "
    "writers writing year years yesterday younger zero"
)
#: Places by their several names: what is said of one stands under another.
_SAME = tuple(
    frozenset(group.split())
    for group in (
        "us usa america american americans united-states",
        "uk britain british briton britons united-kingdom",
        "eu european-union",
        "un united-nations",
        "afghanistan afghan afghans",
        "argentina argentine argentinian",
        "australia australian australians",
        "brazil brazilian brazilians",
        "canada canadian canadians",
        "china chinese",
        "cuba cuban cubans",
        "denmark danish danes dane",
        "egypt egyptian egyptians",
        "england english",
        "europe european europeans",
        "finland finnish finns",
        "france french",
        "germany german germans",
        "greece greek greeks",
        "india indian indians",
        "indonesia indonesian indonesians",
        "iran iranian iranians",
        "iraq iraqi iraqis",
        "ireland irish",
        "israel israeli israelis",
        "italy italian italians",
        "japan japanese",
        "kenya kenyan kenyans",
        "korea korean koreans",
        "libya libyan libyans",
        "malaysia malaysian malaysians",
        "mexico mexican mexicans",
        "netherlands dutch",
        "nigeria nigerian nigerians",
        "norway norwegian norwegians",
        "pakistan pakistani pakistanis",
        "palestine palestinian palestinians",
        "poland polish",
        "portugal portuguese",
        "russia russian russians",
        "scotland scottish",
        "spain spanish",
        "sweden swedish swedes",
        "switzerland swiss",
        "syria syrian syrians",
        "thailand thai thais",
        "turkey turkish turks turkiye",
        "ukraine ukrainian ukrainians",
        "venezuela venezuelan venezuelans",
        "vietnam vietnamese",
        "wales welsh",
        "yemen yemeni yemenis",
        "democrat democrats democratic",
        "republican republicans gop",
        "muslim muslims islam islamic",
        "christian christians christianity",
        "jew jews jewish",
    )
)
_ALIASES = {name: group for group in _SAME for name in group}
#: Those that are two words.
PAIRS = frozenset(name for name in _ALIASES if "-" in name)


class Word(NamedTuple):  # of which a source has thousands, and a dataclass takes thrice as long to make
    start: int
    end: int
    text: str
    #: Without case, accents, stops and possessive, as Americans spell it; months and weekdays in full.
    folded: str
    #: The number of its sentence.
    sentence: int
    #: It opens a sentence, a quotation or what follows a colon: its capital says nothing.
    opens: bool

    @property
    def is_capital(self) -> bool:
        return not self.text.islower() and any(map(str.isupper, self.text)) and not self.text[0].isdigit()


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """*word* as it is compared."""
    bare = _POSSESSIVE.sub("", word).replace("’", "'")
    bare = bare if word[0].isdigit() else bare.replace(".", "")
    plain = unicodedata.normalize("NFKD", bare.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = _BRITISH.sub(lambda match: _AMERICAN[match.group()], plain)
    return full(plain) if word[0].isupper() else plain


def words(text: str, sentences: Sequence[tuple[int, int]] | None = None) -> list[Word]:
    """The words of *text* in order."""
    found: list[Word] = []
    for number, (start, end) in enumerate(split(text) if sentences is None else sentences):
        opens = True
        behind = start
        for match in _WORD.finditer(text, start, end):
            between = text[behind : match.start()].strip()
            opens = opens or bool(between and between[-1] in _OPENING)
            written = match.group()[:_LONGEST]
            if written[0] == "[":  # "[N]obody"
                written = written[1] + written[3:]
            found.append(Word(match.start(), match.end(), written, fold(written), number, opens))
            opens, behind = False, match.end()
    return found


def parts(folded: str) -> list[str]:
    """What a compound is made of: "anglo" and "french"; empty for a simple word."""
    if folded.isalnum():
        return []
    pieces = folded.replace("'", "-").split("-")
    return [piece for piece in pieces if piece] if len(pieces) > 1 else []


def is_common(folded: str) -> bool:
    """Whether it opens sentences of all kinds, and so names nothing."""
    return folded in _COMMON or folded in STOPWORDS or folded.partition("'")[0] in STOPWORDS


def aliases(folded: str) -> frozenset[str]:
    """The other names of what *folded* names, itself included."""
    return _ALIASES.get(folded, frozenset((folded,)))


def initials(run: Sequence[Word]) -> str:
    """ "who" of World Health Organization."""
    return "".join(word.folded[0] for word in run if word.folded)
