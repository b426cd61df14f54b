"""Boilerplate among an article's paragraphs, recognized by how it begins or what it asks for."""

from __future__ import annotations

import re

_ANYWHERE = re.compile(
    r"""^(?:
        please\ wait\ while | already\ a\ (?:member|subscriber) | sign\ (?:in|up)\b | log\ in\b | subscribe\b
      | comment(?:s|\ below)?$ | (?:leave|post)\ a\ comment | you\ have\ .{0,40}\bfree\b.*\bremaining
      | advertisement\b | (?:story|article)\ continues\ below | (?:continue|keep)\ reading\b
      | \[?(?:read|see|watch|related|also|also\ read|more|related\ (?:post|article|story|video)s?)
        (?:\ more|\ also)?\s*:
      | read\ (?:more|next)\b | click\ here\b | share\ (?:this|on)\b | follow\ (?:us|@)
      | (?:most\ read|more)\ (?:in|on|from)\b[^.]{0,60}$ | don[’']t\ miss$ | you\ may\ also\ like | trending$
      | get\ (?:the|our)\ .{0,60}\b(?:newsletter|inbox) | this\ copy\ is\ for\ your\ personal
      | submit\ your\ (?:letter|story|tip|question|photo)s?\b | (?:got|have)\ (?:a|any)\ (?:\w+\ )?tips?\b
      | (?:order\ )?reprints?\b | ©|copyright\b | all\ rights\ reserved | https?://\S+$
      | \d+\ min(?:ute)?s?\ read | (?:reading|read)\ time\b
      | this\ (?:material|article)\ may\ not\ be\ (?:published|reproduced)
      | (?:an\ )?error\ (?:has\ )?occurred | (?:we|this\ (?:site|website))\ uses?\ cookies
      | (?:advertiser\ )?disclosure: | [^.]{0,80}\bmay\ (?:earn|receive)\ [^.]{0,40}\bcommissions?\b
      | please\ accept\ [^.]{0,40}cookies
      | (?:by\ clicking|if\ you\ accept)\b.{0,80}\b(?:agree|notice|cookies?|consent)
      | (?:please\ )?enable\ javascript | your\ browser\ does\ not
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ANYWHERE_AT_MOST = 250

#: Behind the article, wherever in a paragraph it stands: offers, and rules for comments.
_PROMOTION = re.compile(
    r"""\b(?:
        click\ here | subscribe\ (?:to|now|here|today|for) | sign\ up\ (?:for|to|here|now) | follow\ us\b
      | delivered\ (?:\w+\ )?(?:in|to|through)\ your\b | \d+\ issues\ (?:for|from)\b
      | download\ (?:the|our)\ [^.]{0,40}\bapps?\b | send\ us\ (?:a|an|your)\b | please\ try\ again\ later
      | (?:follow|like|join|find)\ [^.]{2,60}\ on\ (?:[^.]{0,40}\b)?
        (?:twitter|facebook|instagram|youtube|linkedin|whatsapp|telegram|threads|bluesky)
      | comments?\ (?:[\w’'-]+\ ){0,12}(?:will|may)\ (?:not\ )?be\ (?:\w+\ )?
        (?:approved|deleted|moderated|removed)
      | (?:coment[aá]rios|commentaires|kommentare|commenti|reacties)\b.{0,160}
        \b(?:moder|aprova|aproba|publi|elimin|exclu|remov|supprim|gelöscht|entfernt|verwijderd)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
#: Behind the article, at the beginning of a paragraph: who else made it, where it was, and how to write.
_NOTES = re.compile(
    r"""^[\W_]*(?:
        (?:this|the)\ (?:article|story|post|report|piece|column)\ (?:(?:was|is|has\ been|had)\ )?
        (?:originally|first|also|previously)?\ ?(?:been\ )?
        (?:appear|publish|updat|correct|amend|adapt|republish|syndicat|provid)
      | (?:originally|first)\ (?:published|appeared)\b
      | (?:last\ )?(?:updated|modified|published|posted)\b[^.]{0,60}\.?(?:m\.)?$
      | (?:correction|clarification|disclaimer|editor[’']?s?[’']?\ note|disclosure)\b.{0,30}[:—–]
      | (?:\w+\ )?views?\ (?:and\ opinions\ )?expressed\b | the\ (?:views|opinions)\b.{0,60}\bexpressed\b
      | (?:with\ |additional\ )?(?:reporting|editing|writing)\ by\b
      | (?:with|compiled\ from)\ (?:\w+\ )?wires?\b
      | (?:write\ to|e-?mail|contact|reach)\ .{2,80}@ | (?:reach|contact)\ the\ (?:reporter|author|writer)s?
      | (?:featured\ )?(?:image|photo|picture)s?(?:\ credits?)?\s?:
      | listen\ (?:to|back)\b | watch\ (?:the|live|our)\b | check\ back\b
    )
      | \b(?:contributed\ (?:to\ this|reporting)|can\ be\ reached\ (?:at|on|by)|may\ be\ reached\ at
        |is\ (?:also\ )?on\ (?:twitter|facebook))\b
      | ^[\W_]+$""",
    re.IGNORECASE | re.VERBOSE,
)
_BEHIND_AT_MOST = 400


def is_boilerplate(text: str) -> bool:
    """Whether a paragraph is none of the article's, wherever it stands."""
    return len(text) <= _ANYWHERE_AT_MOST and _ANYWHERE.match(text) is not None


def is_postscript(text: str) -> bool:
    """Whether a paragraph that stands behind the article is none of its own."""
    return len(text) <= _BEHIND_AT_MOST and bool(_PROMOTION.search(text) or _NOTES.search(text))
