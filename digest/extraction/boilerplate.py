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
      | (?:want|looking\ for|like)\b[^.?]{0,60}\?\ (?:sign\ up|subscribe|get|join)\b
      | get\ more\ news: | skip\ past\ newsletter | after\ newsletter\ promotion$
      | (?:newsletter|jetzt|hier)\ abonnieren | dieser\ (?:artikel|beitrag|text)\ ist\ nur\ für
      | (?:abonnez|inscrivez)-vous\b | la\ suite\ est\ réservée | (?:article|contenu)\ réservé\ aux\ abonnés
      | suscr[íi]b(?:e|a)(?:te|se)\b | assine\b | subscreva\b | iscriviti\b | подпи(?:шитесь|сывайтесь)\b
      | you\ can\ (?:unsubscribe|opt\ out) | download\ (?:the|our)\ (?:[\w’']+\ ){0,3}apps?\b
        # The article goes on, or other ones are to be read.
      | [-–—\ ]*(?:advertisement|advert|skip\ ad|sponsored\ content|paid\ content|anzeige|werbung|publicité
        |publicidade?|pubblicità|reclame|advertentie|annonse?|реклама|reklama|広告|广告|廣告|إعلان|פרסומת)\W*$
      | advertisement\b | (?:la\ )?suite\ après\ (?:cette|la)\ publicité
      | continua\ (?:após|depois|dopo)\b
      | (?:story|article|report)\ continues\ (?:after|below)\b
      | (?:continue|keep)\ reading\b | scroll\ (?:down\ )?(?:to\ continue|for\ more)\b
      | loading\s?(?:\.{3}|…)?$ | list\ of\ \d+\ items$
      | \[?(?:read|see|watch|related|also|also\ read|more|related\ (?:post|article|story|video)s?)
        (?:\ more|\ also)?\s*:
      | read\ (?:more|next)\b
      | read\ the\ (?:full|whole|original|rest\ of\ the)\ (?:story|article|report)\b.{0,40}$
      | (?:also\ read|read\ also|see\ also|must\ read|related|read|watch)\s*(?:[|>»→]|[-–—]\ )
      | see\ also\b | for\ more\b[^.]{0,40}:
      | related\ (?:articles|content|coverage|links|news|reading|stories|topics|videos)\W*$
      | (?:explore|load|see|show|view)\ (?:all|less|more)\b[^.,]{0,40}$
      | (?:more|other)\ (?:articles|news|stories)\b[^.,]{0,30}$
      | what\ to\ read\ next$ | you\ might\ also\ like
      | (?:featured\ )?(?:image|photo|picture|pictured(?:\ above)?)s?\ ?:
      | click\ here\b | share\ (?:this|on)\b | follow\ (?:us|@)
      | (?:most\ read|more)\ (?:in|on|from)\b[^.]{0,60}$ | don[’']t\ miss(?:$|:) | you\ may\ also\ like
      | (?:trending(?:\ now)?|up\ next|editors?[’']?s?[’']?\ picks?)$
      | (?:most\ (?:viewed|popular|shared)|top\ stories)$
      | recommended(?:\ (?:stories|articles|reading|for\ you|videos?))?$
      | listen\ to\ (?:this|the)\ (?:article|story)\b | \d+\ min(?:ute)?s?(?:\ (?:read|listen)\b|$)
      | (?:this\ )?audio\ (?:is\ auto-generated|by\b) | \d{1,3}(?:[:/]\d{1,3})+$
      | (?:this\ is\ a\ )?(?:breaking|developing)\ (?:news\ )?story\b.{0,80}\b(?:check\ back|refresh|updat)
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
      | this\ (?:content\ is\ imported|article\ contains\ content\ provided)\b | allow\ \w+\ content\?
      | empfohlener\ redaktioneller\ inhalt | an\ dieser\ stelle\ (?:finden|ist|wird)\b.{0,80}\bextern
      | to\ (?:play|view|watch)\ this\ video | you\ need\ to\ enable\ javascript
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ANYWHERE_AT_MOST = 250

#: Behind the article, wherever in a paragraph it stands: offers, and rules for comments.
_PROMOTION = re.compile(
    r"""\b(?:
        click\ here | subscribe\ (?:to|now|here|today|for) | follow\ us\b
      | sign\ up\ (?:here|now|(?:for|to)\ (?:our|receive|get|(?:the|a|this|[\w’']+)\ [^.]{0,40}
        \b(?:alert|brief|digest|e?mail|newsletter|update)))
      | delivered\ (?:\w+\ )?(?:in|to|through)\ your\b | \d+\ issues\ (?:for|from)\b
      | donate\ (?:here|now|today) | (?:give|listen|tune)\ us\ a\ (?:call|like)
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
      | an?\ (?:earlier|previous)?\ ?version\ of\ this\ (?:article|story|report)\b
      | (?:the|an)\ audio\ version\ of\b | (?:produced|edited|narrated|translated|fact-checked)\ by\b
      | the(?:\ source:|\ associated\ press\ receives\b|-[\w-]+-wire\b)
      | (?:catch\ all|stay\ (?:connected|informed|tuned|up\ to\ date|with))\b
      | (?:do\ you\ have|have\ you\ been\ affected|if\ you\ have|know)\b
        .{0,40}\b(?:stor(?:y|ies)|tips?|comments?)\b
      | for\ (?:more|the\ latest)\b.{0,60}\b(?:check|click|follow|go\ to|see|visit)\b
      | (?:este|esta)\ (?:artículo|nota)\ (?:fue|ha\ sido)\b | cet\ article\ (?:a\ été|est)\b
      | dieser\ (?:artikel|beitrag|text)\ (?:erschien|ist\ zuerst|wurde)\b
      | (?:siga|sigue|síganos|síguenos|suivez|folgen\ sie)\b.{0,60}$ | mit\ material\ (?:der|von)\b
      | avec\ (?:l[’'])?(?:afp|ap|reuters)\b | con\ información\ de\b | com\ informações\ d
      | listen\ (?:to|back)\b | watch\ (?:the|live|our)\b | check\ back\b
    )
      | \b(?:contributed(?:\ to\ this|\ reporting|(?=\.$))|not\ been\ edited\ by
        |can\ be\ reached\ (?:at|on|by)|may\ be\ reached\ at
        |is\ (?:also\ )?on\ (?:twitter|facebook)|(?:is|are)\ solely\ responsible\ for)\b
      | ^[\W_]+$""",
    re.IGNORECASE | re.VERBOSE,
)
_BEHIND_AT_MOST = 400


#: In a whole sentence, as headlines do not have it.
_REPORTED = re.compile(
    r"(?:\b(?:said|told (?!to\b)\w+|testified|recalled|replied)\b|, (?:he|she|they) (?:wrote|asked)\b"
    r"|\b(?:a|the) (?:\w+ )?(?:court|judge|jury) (?:found|heard|ruled)\b).*[.!?][”’\"']*\Z",
    re.DOTALL,
)
_LABELLED = re.compile(r"[\[(]?(?:[^\W\d_]+[ -]){0,3}[^\W\d_]+ ?[\])]?(?:[:|>»→]| [-–—] )")


#: Before the article, too: what happened to it.
_BEFORE = re.compile(
    r"^[\W_]*(?:(?:correction|clarification|editor[’']?s?[’']? note|disclosure)\b.{0,30}[:—–]"
    r"|(?:this|the) (?:article|story|post|column) (?:was|has been)\b.{0,40}"
    r"\b(?:publish|updat|correct|adapt))",
    re.IGNORECASE,
)
#: What stands on a list that says an article in short.
_IN_SHORT = re.compile(
    r"(?:key (?:facts|points|takeaways|insights)|(?:story |article )?highlights|in (?:brief|short)"
    r"|at a glance|tl;?dr|(?:quick |article |the )?summary|the gist|what (?:you need )?to know"
    r"|das wichtigste(?: in kürze)?|auf einen blick|l[’']essentiel|en bref|claves|lo esencial|em resumo)\W*",
    re.IGNORECASE,
)
#: What stands over the rest of a page.
_REST = re.compile(
    r"(?:about the authors?|author bio(?:graphy)?|leave a (?:comment|reply)|\d* ?comments?"
    r"|related (?:articles|coverage|news|posts|stories)|more (?:news|stories|from .{2,40})|read next)\W*",
    re.IGNORECASE,
)


def is_boilerplate(text: str) -> bool:
    """Whether a paragraph is none of the article's, wherever it stands."""
    return len(text) <= _ANYWHERE_AT_MOST and _ANYWHERE.match(text) is not None and not _is_report(text)


def _is_report(text: str) -> bool:
    """Whether a paragraph tells what somebody said: "Read more books, the mayor told the pupils."

    A site speaks for itself; what it leads to has a label before it ("Read more: …").
    """
    return _REPORTED.search(text) is not None and _LABELLED.match(text) is None


def is_note(text: str) -> bool:
    """Whether a paragraph that stands before the article is about it."""
    return len(text) <= _BEHIND_AT_MOST and _BEFORE.search(text) is not None


def heads_summary(text: str) -> bool:
    """Whether a line says that the list below it is the article in short."""
    return _IN_SHORT.fullmatch(text) is not None


def heads_rest(text: str) -> bool:
    """Whether a line near the end says that what is below it is no more of the article."""
    return _REST.fullmatch(text) is not None


def is_postscript(text: str) -> bool:
    """Whether a paragraph that stands behind the article is none of its own."""
    if len(text) > _BEHIND_AT_MOST or _is_report(text):
        return False
    return bool(_PROMOTION.search(text) or _NOTES.search(text))
