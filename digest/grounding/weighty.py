"""Words that are a fact each: who was what to whom, which office, what became of whom.

Of these, other words will not do: whoever is charged is not convicted, and a wife is no sister.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from digest.grounding.words import Word
from digest.words.terms import term

#: By what they are about, kinds that exclude each other: behind each kind's own words, those of a source that
#: bear it out as well.
_DOMAINS: Sequence[Sequence[tuple[str, str]]] = (
    # kin
    (
        ("mother mothers mom mum", "maternal parent parents motherhood daughter son"),
        ("father fathers dad", "paternal parent parents fatherhood daughter son"),
        ("sister sisters", "sibling siblings brother twin twins"),
        ("brother brothers", "sibling siblings sister twin twins"),
        ("wife wives", "married marry marriage wedding wed spouse husband bride widow widower"),
        ("husband husbands", "married marry marriage wedding wed spouse wife groom widow widower"),
        ("daughter daughters", "girl child children father mother parents dad mom mum"),
        ("son sons", "boy child children father mother parents dad mom mum"),
        ("niece nieces nephew nephews", "uncle aunt"),
        ("uncle uncles aunt aunts", "niece nephew"),
        ("cousin cousins", ""),
        ("grandmother grandfather grandparents grandson granddaughter grandma grandpa", "grandchildren"),
        ("girlfriend girlfriends", "boyfriend partner dating couple relationship"),
        ("boyfriend boyfriends", "girlfriend partner dating couple relationship"),
        ("fiance fiancee fiancé fiancée", "engaged engagement bride groom wedding"),
    ),
    # what became of whom
    (
        (
            "killed kills kill killing killings died dies die death deaths dead slain murdered fatal fatally",
            "deadly lethal toll homicide murder murders "
            "murderer manslaughter suicide perished drowned lives life "
            "body bodies corpse beheaded executed execution massacre assassinated assassination shot late "
            "killer posthumous posthumously mortally fatality fatalities deceased funeral victims mourning",
        ),
        (
            "injured injures injure injuring injuries injury wounded wounds hurt",
            "hospital hospitalized harmed burns burned concussion "
            "fracture bruised bruises cut cuts broken broke "
            "bleeding stitches pain hamstring ligament damage damaged harm hit",
        ),
        ("survived survives survive survivor survivors", "alive living escaped unharmed saved rescued"),
        ("kidnapped abducted kidnapping", "captive captured hostage hostages seized taken snatched"),
    ),
    # where a case stands
    (
        ("arrested arrests arrest", "detained custody nabbed held caught apprehended detention jailed"),
        (
            "charged indicted",
            "charge charges indictment accused count counts prosecuted felony misdemeanor "
            "fee fees price cost paid pay",
        ),
        (
            "convicted conviction convicts",
            "guilty verdict sentenced jailed convict life-term jail prison sentence pleaded",
        ),
        ("acquitted acquittal exonerated", "cleared innocent overturned guilty"),
        ("sentenced", "sentence sentences prison jail jailed years term death imprisonment punishment"),
        ("jailed imprisoned", "jail prison sentence sentenced imprisonment custody behind bars"),
        ("freed", "release released free bail let out"),
        ("sued sues suing lawsuit", "suit legal court sue lawsuits complaint damages"),
        ("pardoned", "pardon clemency"),
    ),
    # what was done
    (
        (
            "murder murders murdered murderer",
            "killing killed kill homicide manslaughter death slain stabbed shot",
        ),
        ("manslaughter", ""),
        ("rape raped rapes rapist", "sexual sexually assault assaulted molested"),
        (
            "robbery robbed robber robbers robberies",
            "theft stole stolen raid heist burglary loot looted thieves",
        ),
        (
            "theft stole stolen thief thieves steal",
            "robbery robbed burglary heist loot shoplifting taken took",
        ),
        ("fraud fraudulent", "scam defrauded deception corruption scheme embezzlement forged fake cheating"),
        ("bribery bribe bribes", "corruption corrupt graft kickback kickbacks payments"),
        ("arson", "fire burned torched blaze"),
        ("stabbed stabbing stabs", "knife knifed stab slashed blade"),
    ),
    # offices
    (
        ("president presidents", "presidential presidency pres"),
        ("governor governors", "gov gubernatorial"),
        ("mayor mayors", "mayoral"),
        ("senator senators", "sen sens senate"),
        ("minister ministers", "ministry premier ministerial pm cm cabinet"),
        ("premier", "pm prime minister premiere first league"),
        ("chancellor", "exchequer"),
        ("king", "monarch throne royal"),
        ("queen", "monarch throne royal majesty"),
        ("prince", "royal duke heir"),
        ("princess", "royal duchess"),
        ("pope", "pontiff papal vatican"),
        ("judge judges", "court justice judicial ruled magistrate tribunal"),
        ("prosecutor prosecutors", "prosecution attorney prosecuting lawyers district"),
        ("captain", "captained skipper capt captaincy"),
        ("goalkeeper", "keeper goalie goal"),
        ("striker", "forward"),
        (
            "police policeman policemen",
            "officer officers cop cops constable constables sheriff trooper troopers detective detectives",
        ),
        ("soldier soldiers troops", "military army marines navy force forces unit units"),
        ("detective detectives", "investigator investigators"),
        ("secretary secretaries", ""),
        ("director directors", "directed directing directs filmmaker film-maker"),
        ("producer producers", "produced producing produces"),
        ("spokesman spokeswoman spokesperson", "spokesman spokeswoman spokesperson"),
        ("ambassador ambassadors", "envoy diplomat embassy"),
    ),
    (
        ("chairman chairwoman chairperson", "chair chairs head president led leads"),
        ("ceo", "chief executive boss head"),
        (
            "founder founders co-founder",
            "founded cofounder co-founded founding found started created creator set",
        ),
        ("owner owners", "own owned owns co-owner bought ownership proprietor"),
        ("coach coaches", "manager boss trainer coaching coached head"),
        ("professor professors", "prof academic university lecturer dr"),
        ("lawyer lawyers attorney attorneys", "lawyer attorney solicitor barrister counsel legal represents"),
        (
            "doctor doctors physician physicians",
            "dr doctor medical medic medics surgeon physician hospital gp",
        ),
        ("nurse nurses", "nursing midwife"),
        ("teacher teachers", "taught teach teaching school schoolteacher instructor faculty educator tutor"),
        (
            "student students",
            "pupil school university college undergraduate freshman sophomore study studying",
        ),
        ("singer singers", "sing sang song songs music musician band vocalist rapper vocals"),
        (
            "actress actresses actor actors",
            "actor actress star stars film role cast acting movie played plays",
        ),
    ),
    # what struck
    (
        (
            "fire fires blaze",
            "fired shot shots gunfire criticism burn burned burning burnt flame flames arson wildfire",
        ),
        ("flood floods flooding flooded", "water rain deluge inundated"),
        ("earthquake earthquakes quake", "tremor tremors seismic magnitude aftershock aftershocks"),
        ("hurricane typhoon cyclone", "storm"),
        ("tornado tornadoes", "twister storm"),
        ("avalanche avalanches", "snow"),
        ("landslide landslides mudslide", "slide mud avalanche"),
        ("explosion explosions exploded blast", "explode bomb bombs bombing detonated blew device"),
        ("cancer", "tumor tumour leukemia leukaemia melanoma lymphoma carcinoma"),
        ("diabetes diabetic", "insulin"),
        ("malaria", ""),
        ("ebola", ""),
        ("measles", ""),
    ),
    # what was driven
    (
        ("car cars", "vehicle sedan automobile suv driver drive driving motor auto hatchback taxi cab"),
        ("truck trucks lorry lorries", "vehicle pickup van tanker"),
        ("bus buses", "coach vehicle"),
        ("train trains", "rail railway locomotive metro subway carriage training trained"),
        (
            "plane planes aircraft airplane airliner",
            "flight jet jets pilot airline fly flying boeing airbus air",
        ),
        ("helicopter helicopters", "chopper aircraft"),
        (
            "ship ships boat boats ferry",
            "vessel sea yacht navy cruise sail sailing boat shipping shipped deliver delivery",
        ),
    ),
    # business
    (
        (
            "bought buys buying acquired acquires purchased",
            "buy acquire acquisition purchase takeover deal bid",
        ),
        ("sold sells selling", "sell sale sales auction bought buyer deal"),
        (
            "fired sacked",
            "fire sack dismissed dismissal ousted terminated removed axed lost job "
            "shot shots gun gunfire launched",
        ),
        (
            "hired hires hiring appointed appoints",
            "hire appointment named recruited joined joins job employed",
        ),
        ("resigned resigns resignation", "resign quit quits stepped step steps stepping left leave leaves"),
        ("retired retires retirement", "retire retiring"),
        ("elected elects", "election elections elect won win vote votes voters electoral"),
        ("married marries", "marry marriage wedding wed husband wife spouse bride couple"),
        ("divorced divorces divorce", "split separated separation ex-wife ex-husband ex"),
        ("pregnant", "pregnancy baby birth expecting child"),
    ),
)


def _stems(words: str) -> frozenset[str]:
    return frozenset(filter(None, map(term, words.split())))


#: Of each word, the number of its domain, and the stems that bear it out.
_WEIGHTY = {
    word: (number, _stems(f"{own} {more}"))
    for number, kinds in enumerate(_DOMAINS)
    for own, more in kinds
    for word in own.split()
}


def unheld(sentence: Sequence[Word], words: Collection[str], terms: Collection[str]) -> Iterator[Word]:
    """The words of *sentence* that are a fact each, and that a source of these *words* does not say."""
    for word in sentence:
        if word.folded in words or word.folded not in _WEIGHTY:
            continue
        if _WEIGHTY[word.folded][1].isdisjoint(terms):
            yield word


def excludes(ours: Collection[str], theirs: Collection[str]) -> bool:
    """Whether one of the words *ours* is of the same domain as one of *theirs*, and does not bear it out."""
    for domain, bearing in (_WEIGHTY[word] for word in ours if word in _WEIGHTY):
        others = [word for word in theirs if word in _WEIGHTY and _WEIGHTY[word][0] == domain]
        if others and bearing.isdisjoint(map(term, others)):
            return True
    return False
