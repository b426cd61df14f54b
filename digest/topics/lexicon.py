"""The words by which a headline's rules are sure of what it says."""

from __future__ import annotations

import re

from digest.text import listed

#: Verbs that a headline has in the third person, by their bare form.
VERBS = listed(
    "abandon accept accuse acknowledge acquire admit adopt agree allow announce apologise apologize "
    "appear appoint approve argue arrest arrive ask assist attack attend avoid back ban become begin "
    "believe bet blame blast block bolster break bring build buy call cancel capture carry catch "
    "celebrate challenge charge choose clear clinch collapse complete concede condemn confirm "
    "consider continue convict create criticise criticize cut declare decline defend defy delay "
    "deliver demand deny deploy describe destroy detain develop die discover dismiss dissolve ditch "
    "dodge donate double drag draw drop earn ease elect eliminate embark embrace emerge end enter "
    "escape evacuate expand expect explain explode expose extend extradite face fail fall fight find "
    "fine fire focus follow free freeze fuel get give go grow hail halt halve head hear help hire hit "
    "hold honor honour hope identify ignore impeach impose improve indict inspire install intensify "
    "introduce invade investigate invite invoke join keep kill lash launch lead leave legalize lift "
    "lose maintain make mark marry meet miss mock mourn move mull nab name near need negotiate "
    "nominate obtain offer open oppose order oust outlaw overcome overhaul overtake overturn pass pay "
    "plan play plead pledge plunge ponder postpone praise prepare probe promise promote prompt "
    "propose prosecute protect prove provide publish pull pursue push quash question quit raise reach "
    "ready reaffirm reassign reassure rebuild rebuke recall receive recommend recover refuse regain "
    "reject relaunch remain remember remove rename renew reopen repeal replace rescind rescue resign "
    "resist restore restrict resume retain retire return reveal revive rip rise rule run say scrap "
    "secure see seek seize sell send sentence set settle shun shut sign sink slam slash soar spark "
    "speak spur start stay stop strike stun submit subpoena succeed sue suffer suggest support surge "
    "surrender survive suspend tackle take target taunt teach tell test testify thank threaten "
    "tighten top topple toughen tout trigger trounce try turn uncover undergo unite unseal unveil "
    "uphold urge veto visit vote vow want warn weigh welcome widen win withdraw work write"
)
#: Their third persons are nouns as often, so what stands behind has to tell.
NOUNS_TOO = listed(
    "arrest attack back ban bet blast block break build buy call catch challenge charge cut delay "
    "demand double drag draw drop end face fall fight find fine fire focus free fuel head help hire "
    "hit hold hope lash launch lead lift mark mock move name near need offer open order pass plan "
    "play pledge plunge probe promise prompt pull push question raise recall return rip rise rule run "
    "sentence set sign sink slash spark spur start stop strike support surge target test top tout "
    "trigger turn veto visit vote vow want win work"
)
MEANS_TO = listed("agree fail hope move need plan pledge promise refuse seek try vote vow want")
DOUBLED = listed(
    "admit ban begin bet cut drag drop get hit plan quit run set shun shut slam stop submit top win"
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
