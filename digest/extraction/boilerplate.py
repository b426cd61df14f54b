"""Boilerplate among an article's paragraphs, recognized by how it begins or what it asks for."""

from __future__ import annotations

import re

_ANYWHERE = re.compile(
    r"""^(?:
        # Whoever reads on shall sign in, sign up or pay.
        please\ wait\ while | already\ (?:a\ (?:member|subscriber)|have\ an\ account) | sign\ (?:in|up)\b
      | log\ in\b | subscribe\b | you\ have\ .{0,40}\bfree\b.*\bremaining | unlock\ (?:this|full|unlimited)\b
      | (?:you\ have|you[’']ve)\ (?:reached|used|hit)\ (?:your|the|all)\b.{0,60}\b(?:articles?|limit)\b
      | this\ (?:article|content|post|story|page)\ is\ (?:\w+\ )?(?:available\ )?(?:only\ )?
        (?:for|to)\ (?:\w+\ )?(?:subscribers|members|registered)
      | register\ (?:now\ )?to\ (?:continue|keep|read) | to\ (?:continue|keep)\ reading\b
      | support\ (?:our|local|independent|quality|public|nonprofit|investigative)\ (?:\w+\ )?journalism\b
      | become\ a\ (?:\w+\ )?(?:member|subscriber|patron)\b | your\ support\ makes\ our\ (?:journalism|work)\b
      | our\ (?:reporting|journalism|work)\ (?:is\ (?:made\ )?possible|relies|depends)
      | get\ (?:the|our)\ .{0,60}\b(?:newsletter|inbox) | no\ spam\b | unsubscribe\ at\ any\ time
      | you\ can\ (?:unsubscribe|opt\ out) | download\ (?:the|our)\ (?:[\w’']+\ ){0,3}apps?\b
        # The article goes on, or other ones are to be read.
      | advertisement\b | (?:story|article|report)\ continues\ (?:after|below)\b
      | (?:continue|keep)\ reading\b | scroll\ (?:down\ )?(?:to\ continue|for\ more)\b
      | loading\s?(?:\.{3}|…)?$ | list\ of\ \d+\ items$
      | \[?(?:read|see|watch|related|also|also\ read|more|related\ (?:post|article|story|video)s?)
        (?:\ more|\ also)?\s*:
      | read\ (?:more|next)\b
      | read\ the\ (?:full|whole|original|rest\ of\ the)\ (?:story|article|report)\b.{0,40}$
      | click\ here\b | share\ (?:this|on)\b | follow\ (?:us|@)
      | (?:most\ read|more)\ (?:in|on|from)\b[^.]{0,60}$ | don[’']t\ miss(?:$|:) | you\ may\ also\ like
      | (?:trending|up\ next|editors?[’']?s?[’']?\ picks?|most\ (?:viewed|popular|shared)|top\ stories)$
      | recommended(?:\ (?:stories|articles|reading|for\ you|videos?))?$
      | listen\ to\ (?:this|the)\ (?:article|story)\b | \d+\ min(?:ute)?s?(?:\ (?:read|listen)\b|$)
      | (?:reading|read)\ time\b | https?://\S+$
        # "Read also", as others say it.
      | lesen\ sie\ (?:auch|hier|dazu) | (?:mehr|auch)\ (?:zum\ thema|interessant) | lies\ auch
      | (?:à\ )?lire\ (?:aussi|également) | lea\ también | (?:le|te)\ puede\ interesar
      | (?:leia|veja)\ (?:também|mais) | leggi\ (?:anche|pure) | lees\ (?:ook|verder)
      | läs\ (?:också|även|mer) | l[eæ]s\ (?:også|mere?)\b | czytaj\ (?:też|także|również|więcej)
      | zobacz\ (?:też|także) | читайте\ (?:также|ещё) | читать\ (?:также|далее) | [اإ]قرأ\ (?:أيضا|المزيد)
      | קראו\ (?:גם|עוד) | 関連記事 | あわせて読みたい | 相[关關][阅閱][读讀] | 延伸[阅閱][读讀]
        # Readers are to say something.
      | comment(?:s|\ below)?$ | (?:leave|post)\ a\ comment | to\ comment\b | join\ the\ conversation\b
      | what\ do\ you\ think\?$ | tell\ us\ (?:in\ the\ comments|what\ you\ think)
      | submit\ your\ (?:letter|story|tip|question|photo)s?\b | (?:got|have)\ (?:a|any)\ (?:\w+\ )?tips?\b
        # What the law asks for, and what does not work.
      | this\ copy\ is\ for\ your\ personal | (?:order\ )?reprints?\b | ©|copyright\b | all\ rights\ reserved
      | this\ (?:material|article)\ may\ not\ be\ (?:published|reproduced)
      | (?:advertiser\ )?disclosure: | [^.]{0,80}\bmay\ (?:earn|receive)\ [^.]{0,40}\bcommissions?\b
      | (?:we|this\ (?:site|website))\ uses?\ cookies | please\ accept\ [^.]{0,40}cookies
      | (?:by\ (?:clicking|signing\ up|subscribing|submitting|entering|providing)|if\ you\ accept)\b
        .{0,120}\b(?:agree|acknowledge|accept|notice|cookies?|consent|terms)
      | (?:an\ )?error\ (?:has\ )?occurred | (?:please\ )?enable\ javascript | your\ browser\ does\ not
      | to\ (?:play|view|watch)\ this\ video | you\ need\ to\ enable\ javascript
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
      | our\ standards: | (?:[\w.'’-]+\ ){1,4}is\ an?\ (?:[\w-]+\ ){0,4}
        (?:reporter|writer|editor|correspondent|columnist|journalist|producer|fellow|intern)\b
        .{0,40}\b(?:at|based|covering|for|of|who|with)\b
      | listen\ (?:to|back)\b | watch\ (?:the|live|our)\b | check\ back\b
    )
      | \b(?:contributed\ (?:to\ this|reporting)|can\ be\ reached\ (?:at|on|by)|may\ be\ reached\ at
        |is\ (?:also\ )?on\ (?:twitter|facebook)|(?:is|are)\ solely\ responsible\ for)\b
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
