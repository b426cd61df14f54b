"""The words by which the rules for headlines can be sure."""

from __future__ import annotations

import re

from digest.words.text import listed

#: Verbs that a headline has in the third person, by their bare form.
VERBS = listed(
    "abandon accept accuse acknowledge acquire add admit adopt agree allege allow announce apologise "
    "apologize appear appoint approve argue arrest arrive ask assess assist attack attend avoid award "
    "back ban beat become begin believe bet blame blast block bolster borrow breach break bring "
    "broaden build bury buy call cancel capture carry catch cause caution celebrate challenge charge "
    "choose cite claim clear clinch close collapse collect combine commit compare compete complain "
    "complete concede conclude condemn conduct confirm consider continue convict create criticise "
    "criticize crush cut declare decline deepen defend defy delay deliver demand deny depart deploy "
    "describe destroy detain detect develop die disappear disclose discover discuss dismiss dissolve "
    "ditch dodge donate double drag draw drive drop dump earn ease elect eliminate embark embrace "
    "emerge enable encourage end endorse enforce enlist enter erase escape evacuate exceed expand "
    "expect explain explode explore expose extend extradite face fail fall fight file find fine fire "
    "flee focus follow force free freeze fuel gain gather generate get give go grant greet grill grow "
    "hail halt halve head hear help hike hire hit hold honor honour hope host identify ignite ignore "
    "impeach imply impose improve increase indict injure insist inspire install intensify introduce "
    "invade investigate invite invoke issue jail join keep kill land lash launch lead leak leave "
    "legalize lend lift limit link list lose lure maintain make mark marry meet merge miss mock "
    "monitor mourn move mull nab name near need negotiate nominate obtain offer open operate oppose order "
    "oust outlaw outline overcome overhaul overrule overtake overturn pass pay penalize persist pick "
    "place plan play plead pledge plunge ponder post postpone praise predict prepare present preserve "
    "pressure prevent probe produce prolong promise promote prompt propose prosecute protect prove "
    "provide publish pull pursue push quash question quit raise rally rank reach ready reaffirm "
    "reassess reassign reassure rebuild rebuke recall receive reclaim recognise recognize recommend "
    "recover reduce refer reform refuse regain regulate reinstate reject relaunch release rely remain "
    "remember remind remove rename renew reopen repeal replace request require rescind rescue resign "
    "resist restore restrict restructure resume retain rethink retire return reveal review revive rip "
    "rise risk rule run save say score scrap secure see seek seize sell send sentence serve set "
    "settle share shelve shift shorten show shrink shun shut shutter sign sink slam slash smash soar "
    "solve spark speak split spur start stay stop strike stun submit subpoena succeed sue suffer "
    "suggest support surge surrender survive suspend sweep switch tackle take target taunt teach "
    "tease tell test testify thank threaten tie tighten top topple toughen tout transform trigger "
    "trim trounce try turn uncover undergo unite unseal unveil upend upgrade uphold urge use vacate "
    "veto violate visit vote vow want warn weigh welcome widen win wipe withdraw withhold work wrap "
    "write"
)
#: Their third persons are nouns as often, so what stands behind has to tell.
NOUNS_TOO = listed(
    "arrest attack award back ban beat bet blast block breach break build buy call catch cause "
    "challenge charge claim cut delay demand double drag draw drive drop end face fall fight file "
    "find fine fire focus force free fuel gain grant head help hike hire hit hold hope host increase "
    "issue jail land lash launch lead leak lift limit link list mark mock monitor move name near need "
    "offer open order outline pass pick place plan play pledge plunge post present pressure probe "
    "promise prompt pull push question raise rally rank recall reform release request return review "
    "rip rise risk rule run save score sentence set share shift show sign sink slash spark split spur "
    "start stop strike support surge switch target test tie top tout trigger turn upgrade use veto "
    "visit vote vow want win work wrap"
)
MEANS_TO = listed("agree fail hope move need plan pledge promise refuse seek try vote vow want")
#: What is told, behind them, has a verb of its own.
TELLS = listed(
    """accept acknowledge admit agree allege announce argue believe bet claim complain concede confirm declare
    deny disclose discover expect explain fail fear find hear hope imply insist learn make mean need note
    ponder predict pledge promise prove question reaffirm realise realize recall recognise recognize reveal
    remember report rule say see show suggest swear tell testify think threaten understand urge vow want warn
    wish worry"""
)
DOUBLED = listed(
    "admit ban begin bet commit cut drag drop get hit plan quit refer run set shun shut slam split "
    "stop submit top trim win wrap"
)
SMALL = listed(
    "a about after against amid an and are as at be behind between but by during for from has have her "
    "his how if in into is its not of off on or out over than that the their to up was were what when "
    "where who why will with"
)
#: They begin many headlines, and few names when a small letter follows.
COMMON = listed(
    "council mayor court judge government president minister lawmakers scientists researchers report "
    "study company city state school teen man woman men women police officials one two three four five "
    "six new former first second third public legal local federal national top major more most several "
    "thousands hundreds dozens"
)
TAKES_A = listed("man woman boy girl teen teenager study report judge jury couple driver family")
#: So does what begins like this, unless the text has "the" before it.
BEGINS_WITH_A = re.compile(r"(?:former|second|third|local|major|new|ex-\w+)\b")
#: Of bodies, the last word of a name that has "the" before it: "the Harbour Guard".
NAMES_A_BODY = listed(
    "Administration Agency Army Association Authority Board Bureau Commission Committee Council Court "
    "Department Force Forces Foundation Guard Institute Marines Ministry Navy Office Party Senate Service "
    "Union"
)
#: A place has one of them: "the Springfield mayor".
ONE_OF_A_PLACE = listed(
    "chancellor council government governor king mayor parliament premier president queen"
)
TAKES_NONE = listed("police congress parliament inflation unemployment trade nobody everyone someone")
#: Names of one body of its kind, which a sentence has "the" before.
TAKES_THE = re.compile(
    r"White House|Supreme Court|Senate|Pentagon|Kremlin|Vatican|United Nations|European (?:Union|Commission)"
    r"|(?:State|Justice|Treasury) Department|F\.?B\.?I\.?|C\.?I\.?A\.?|I\.?R\.?S\.?|N\.?R\.?A\.?"
    r"|E\.?U\.?|U\.?N\.?|EPA|FDA|CDC|NSA|NHS|BBC|IMF|WHO|G\.?O\.?P\.?|N\.?A\.?A\.?C\.?P\.?"
)
#: They are many, and act as "senators keep …".
PLURALS = listed(
    "activists airlines analysts astronomers athletes authorities candidates cities companies "
    "conservatives countries critics democrats doctors drivers experts families farmers firefighters "
    "forces hundreds investors journalists judges lawmakers lawyers leaders liberals militants "
    "ministers nations nurses officers officials parents physicists players police prosecutors "
    "protesters rebels regulators republicans researchers residents scientists senators soldiers "
    "states students teachers thousands troops unions voters workers"
)
#: Behind a subject and before "by", "for" and the like, they say what was done to it.
DONE = listed(
    "accused acquitted appointed arrested attacked banned barred blamed blasted charged cleared "
    "condemned convicted criticised criticized defeated deported detained elected evacuated evicted "
    "expelled extradited fined fired honored honoured indicted injured investigated jailed killed "
    "mocked nominated ousted pardoned praised prosecuted questioned raided rescued sacked sentenced "
    "shot stabbed subpoenaed sued suspended targeted trapped wounded"
)


def bare_form(verb: str) -> str:
    """The bare form of a third person that is in the table; "" of another word."""
    forms = [verb[:-1]]
    if verb.endswith("es"):
        forms.append(verb[:-2])
    if verb.endswith("ies"):
        forms.append(verb[:-3] + "y")
    return next((form for form in forms if form in VERBS), "") if verb.endswith("s") else ""
