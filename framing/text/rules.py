"""Patterns of boilerplate as data: each rule a name and the forms that a whole block may take."""

from __future__ import annotations

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
_DATE = (
    rf"{_DAY}(?:\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? (?:19|20)\d\d"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)"
)
_HOUR = r"(?:[ ,|·]*(?:at )?\d{1,2}[:.]\d\d ?(?:[ap]\.?m\.?)?(?: ?[a-z]{2,4})?)?"
_SITE = (
    r"(?:facebook|twitter|x|linkedin|whatsapp|e-?mail|mail|print|reddit|telegram|pinterest|tumblr"
    r"|bluesky|mastodon|threads|instagram|youtube|tiktok|flipboard|pocket|messenger"
    r"|copy(?: the)? link|more|share|tweet|pin|save|sms|rss)"
)
_SITES = rf"{_SITE}(?:(?:[ ,|/·•]+|,? and ){_SITE}\b){{0,12}}[.!]?"
_GRADE = (
    r"(?:very (?:high|low)|high|medium|moderate|low|none|n/a|good|fair|poor|excellent|strong|weak"
    r"|mixed|neutral|yes|no|\d{1,2}(?:\.\d)?/\d{1,2}|[★☆]{1,10}|[abcdf][+-]?)"
)
_GRADED = rf"[\w &'’-]{{1,40}}(?:: (?:{_GRADE}|\d{{1,2}}(?:\.\d)?)| \d{{1,2}}(?:\.\d)?/\d{{1,2}})"
_NAME = r"(?:(?-i:[A-ZÀ-Þ])[\w.'’-]*)"
_NAMES = rf"{_NAME}(?:,? (?:and |de |van |von |der |al-)?{_NAME}){{0,8}}"
_PERSON = rf"{_NAME}(?: (?:de |van |von |der |al-)?{_NAME}){{1,3}}"
ONE_SENTENCE = r"(?!.*[a-z]{3}[.!?] +(?-i:[A-Z]))"
_LETTER = (
    r"(?:newsletter|e-?mails?|briefings?|alerts?|updates|inbox|mailing list|channel|podcast)s?"
)
_VIEWS = r".{0,60}(?:views|opinions)(?: expressed| in this piece)* (?:here )?are"
_DESK = r"(?:media|press|investors?|editorial|public|customer)"
_ENQUIRY = r"(?:contacts?|enquir(?:y|ies)|inquir(?:y|ies)|relations|desk|office)"

SECTION_LABELS = (
    r"(?:key )?highlights|key (?:points|takeaways?|facts|findings|figures|messages|numbers)",
    r"takeaways?|at a glance|in brief|in short|in numbers|by the numbers|summary|abstract",
    r"executive summary|overview|introduction|(?:some |more )?background|context|definitions",
    r"conclusions?(?: in brief)?|(?:closing|final|concluding) (?:thoughts?|remarks)",
    r"recommendations?|findings|discussion|methods?|methodology|results|outlook|next steps",
    r"(?:the )?bottom line|(?:the )?investor takeaways?|what(?:'s|’s| is) missing|what holds up",
    r"where (?:it|they) (?:slips?|falls? short|stumbles?)|go deeper|the details",
    r"why (?:it|this) matters(?: now)?|the big picture|what(?:'s|’s| is) next",
    r"what to (?:watch|know)|what (?:it|this|that) means|what you need to know|details|analysis",
    r"opinion|comment|editorial|notes?(?: on (?:sources|method))?|footnotes?",
    r"notes? (?:to|for) editors|references|sources?|appendix|annex|(?:table of )?contents|news",
    r"feature|market (?:wrap|news)|appointments|questions? (?:and|&) answers?|q ?& ?a|faqs?",
    r"frequently asked questions|tl;? ?dr|in this (?:article|issue|story|report)",
    r"(?:oral|written) evidence|formal minutes|minutes|(?:list of )?witnesses|sessions?",
    r"in other news|forward-looking statements|disclaimer|about (?:the )?(?:authors?|company|us)",
    r"editor(?:'s|’s)? (?:note|pick)s?|letters?|calendar|the story so far|main points|main story",
    r"programs? in brief|for immediate release|(?:the )?(?:bull|bear) case",
    r"(?:the )?case (?:for|against)|(?:bulls|bears) say|(?:our|house) view",
    r"(?:key |main )?(?:risks|projects|prices|valuations?|objections|precedents|policy options)",
    r"timeline|glossary|terms|uses|assessment|portfolio|number of the day",
    r"numbers? to keep(?: in mind)?",
    r"what (?:happened|comes next|follows|it says|we know|else we know|should be done)",
    r"what (?:investors|clients) should (?:consider|watch)|what should investors watch",
    r"what (?:it|the coverage) got (?:right|wrong)|why investors care|who is affected",
    r"should (?:you|investors) buy|is it a buy|will it work|how (?:it works|will it work)",
    r"did you know|frequently confused|fact checks?|claims weighed|looking ahead",
    r"further information|also (?:today|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)",
    r"(?:\d{1,2}\. )introduction",
)

FORMS: dict[str, tuple[str, ...]] = {
    "section label": (rf"(?:{'|'.join(SECTION_LABELS)})[:.?]?",),
    "comment count": (
        (
            r"(?:\(?\d[\d,]*\)?|no|one|(?:view|show|load|see|\[load)(?: all)?(?: \d+)?(?: more)?)"
            r" (?:comments?|repl(?:y|ies)|responses?)(?: (?:yet|so far|on this (?:article"
            r"|story)))?[.:\]]?"
        ),
        r"comments? ?\(\d+\)|comments?(?: are)?(?: now)? (?:closed|off|disabled)\.?",
        r"(?:be the first to )?(?:join|start) (?:the )?(?:conversation|discussion)\.?",
        r"be the first to comment[.!]?",
        r"\d[\d,]* comments?(?: ?[|·] ?[\w ]{1,40}){1,6}|comments? ?\(\d+\)(?: are closed)?.{0,80}",
    ),
    "reply form": (
        (
            r"(?:leave|post|write|submit|cancel|add)(?: an?| your)? (?:reply|comment|response)s?"
            r"(?: cancel reply)?[.:]?"
        ),
        r"your email address will not be published\.?(?: required fields are marked ?\*?)?",
        r"required fields are marked ?\*?|notify me of (?:new posts|follow-?up comments).{0,30}",
        r"(?:name|e-?mail|website|comment)(?: ?\*)?(?: (?:e-?mail|website) ?\*?)*",
        r"save my name,? e-?mail,?(?: and)? website in this browser.{0,60}",
        r"(?:log|sign) in to (?:leave a )?(?:comment|reply|vote|post)\.?(?: ?\|.{0,80})?",
        r"report (?:this )?comment",
    ),
    "forum furniture": (
        r"posted by [\w.-]{2,30}(?:,? (?=.*\d).{1,40})?|▲ ?\d+ ?▼.{0,80}|similar threads:.{0,200}",
        r"page \d+ of \d+(?: ?\|.{0,120})?|(?:reply|quote|share|report)(?: \| [\w ]{1,40}){1,6}",
    ),
    "share bar": (
        (
            r"(?:please )?(?:share|spread)(?: (?:this|the|it|on|via|with|article|story|post|page"
            rf"|word|around|friends))*[:!]?(?: ?{_SITES})?"
        ),
        rf"(?:follow us|find us|like this|tell a friend)(?: on)?[:!]?(?: ?{_SITES})?",
        rf"follow {_NAMES} on {_SITE}|{_SITE}[ ,|/·•]+{_SITES}|copy link(?: ?\| about sharing)?",
        rf"share on {_SITE}(?: ?[|,·] ?(?:share on )?{_SITES}){{0,8}}",
        rf"(?:please )?share(?: this [a-z]{{3,12}})?:? (?:(?:to )?{_SITE}|[\w ]{{1,12}})"
        rf"(?: ?[|·] ?[\w ().]{{1,24}}){{1,9}}",
    ),
    "category list": (
        (
            r"(?:categor(?:y|ies)|tags?|tagged(?: (?:with|as))?|filed under|posted in|topics?"
            r"|keywords?):[ ,;|]*[^.!?]{0,250}"
        ),
        r"(?:related|more) (?:topics|tags)[: ].{0,200}",
    ),
    "rating": (
        rf"{_GRADE}(?:[ ,|/]*{_GRADE}){{0,11}}",
        (
            rf"{_GRADED}(?: ?[|,;]? {_GRADED}){{1,11}}(?: ?[|,;]? [\w &'’-]{{1,40}}: [\w"
            rf" ,'’-]{{1,40}})?"
        ),
    ),
    "table row": (r"\|.{0,398}\|",),
    "citation": (
        rf"[(\[]?(?:data )?sources?: ?{ONE_SENTENCE}.{{0,200}}",
        r"[(\[]?(?:file )?(?:photo(?:graph)?s?|pictures?|captions?): ?.{0,240}",
        (
            r"[(\[]?(?:photo(?:graph)?|picture|image|illustration|graphic|chart|data)s?"
            r" (?:credit|source|courtesy|caption)s?(?: of|:) ?.{0,240}"
        ),
        (
            r"[(\[]?(?:file )?(?:photo(?:graph)?|picture|image|illustration|graphic)s?"
            rf"(?: courtesy of| courtesy| by| supplied by|:) (?:{_PERSON}|the author)[)\].]*"
        ),
        rf"(?:getty images|reuters|ap photo|afp|shutterstock|istock|handout)(?: ?/ ?{_NAMES})?",
        r"(?:h/t|via) \S{2,40}|originally published (?:in|at|by|on) .{1,80}",
        r"(?:https?://|www\.)\S+|doi:? ?10\.\S+|further reading: .{0,300}",
    ),
    "credit": (
        (
            r"[(\[–—-]*[ ]?(?:with )?(?:additional |further )?(?:reporting|editing|writing"
            r"|compiled|translated|translation|edited|written|reported)(?: and (?:writing|editing"
            r"|reporting))? by [^.!?]{2,200}[.)\]]*"
        ),
        rf"(?:text|words): {_PERSON}\. photo(?:graph)?s: {_PERSON}\.?",
        r"by (?:our|the) [\w ,'’-]{0,40}\b(?:team|desk|staff|editors?|correspondents?"
        r"|reporters?)\.?",
        r"this (?:article|story|interview|q ?& ?a|transcript) (?:was|has been) (?:edited|shortened"
        r"|condensed)(?: and (?:edited|condensed))? for (?:length|clarity|radio|style)[^.]{0,40}\.",
        r"written by the [\w ]{2,30} desk\..{0,60}",
        (
            r"(?:with )?(?:agencies|reuters|ap|afp|pa|bloomberg)(?:(?:,| and|/) ?(?:reuters|ap|afp"
            r"|pa|bloomberg|agencies))*"
        ),
    ),
    "date line": (
        (
            r"(?:(?:last |first )?(?:published|updated|posted|modified|created|date)(?: (?:on"
            rf"|at))?:? ?)?(?:(?-i:[A-Z][A-Z /-]{{2,30}}), )?{_DATE}{_HOUR}"
        ),
        r"\d{1,2}[ -]min(?:ute)?s? read|(?:estimated )?reading time:? .{1,30}",
        r"\d{1,3} (?:minutes?|hours?|days?|weeks?) ago",
    ),
    "newsletter prompt": (
        r"(?:our |daily |weekly |free |the )*newsletters?",
        (
            r"(?:sign up|signup|subscribe|register|join)(?: now| today| here| free)? (?:for|to"
            rf"|our|with)\b.{{0,60}}\b{_LETTER}\b.{{0,120}}"
        ),
        (
            r"(?:subscribe|sign up|sign in|log in|register|donate)(?: (?:now|today|here|for"
            r" free))?[.!]?(?: \| [\w ]{1,30}){0,5}"
        ),
        r"get .{3,80} (?:in|to|delivered to) your inbox.{0,60}",
        r"already (?:a subscriber|have an account)\?.{0,60}",
        r"you (?:are (?:receiving|reading) (?:this|a free)|have \d+ free articles) .{0,240}",
        r"(?:help us stay independent|support (?:our|independent) (?:journalism"
        r"|reporting))\b.{0,200}",
    ),
    "copyright": (
        (
            r"© ?(?:(?:19|20)\d\d|(?-i:[A-Z])).{0,300}|(?:copyright )?(?:\(c\)|copyright(?:"
            r" ©)?) ?(?:19|20)\d\d.{0,300}"
        ),
        r"(?:this (?:material|article) may not be|no part of this) .{0,200}",
        r"(?:a version of this (?:article|story) appears? in print|order reprints?)\b.{0,200}",
        r"(?:you may )?re-?publish this (?:article|story)\b.{0,160}|reprints? (?:are"
        r" permitted|require) .{0,120}",
    ),
    "cookie notice": (
        r"(?:this (?:web)?site|our (?:web)?site|we(?: and our partners)?) uses? cookies\b.{0,300}",
        r"(?:accept|reject|manage)(?: all)? cookies|cookie (?:policy|settings|preferences|notice)",
        r"by (?:continuing to (?:use|browse)|using) (?:this|our) (?:web)?site\b.{0,300}",
        r"privacy (?:policy|notice)(?:[ |,]+(?:terms.{0,30}|cookie.{0,30}))?",
    ),
    "read more": (
        (
            r"(?:read|see|find out|learn|hear|show|load|view|watch)(?: also| more| next| now| on|"
            r" all)?(?: here)?[:>.… ]*"
        ),
        (
            r"(?:read (?:also|more|next|the full (?:story|article|report)(?: here)?)|also read|see"
            r" also|more on this(?: story)?|related(?: (?:articles?|stories|news|content|posts"
            r"|links|reading))?|you (?:may|might) also like|most (?:read|popular|viewed)|don['’]t"
            r" miss|up next)(?:: ?[^.]{0,160}|[.…>]*)"
        ),
        rf"further reading|recommended|more from {_NAMES}|trending(?: now)?|more (?:news|stories)",
        r"latest (?:news|stories)|click here (?:to|for) .{1,100}|continue reading.{0,60}",
        r"(?:story|article) continues below(?: (?:the )?advertisement)?[.…]?",
        rf"(?:more (?:from|in) (?:{_NAMES}|this section)|also (?:in this issue|on our site"
        r"|on the [\w ]{2,24} desk)|next in this series): [^.]{3,240}\.?",
        r"this (?:article|story|piece) is part of (?:a|our|the) series\b.{0,200}",
        r"continued (?:on page .{1,10}|below)|editor['’]?s['’]? picks?",
    ),
    "page furniture": (
        r"advertise?ments?|sponsored(?: (?:content|by .{1,40}))?|promoted|paid (?:content|post)",
        r"skip (?:to (?:main )?content|advertisement)|(?:back|return) to (?:the )?(?:top|homepage)",
        (
            r"home|menu|search|login|next|previous|(?:next|previous) (?:article|post|story)"
            r"|loading[.… ]*"
        ),
        (
            r"(?:listen to|play|watch|print|save|gift) (?:this )?(?:article|story|video|audio|page)"
            r"(?: \(?[\d: ]+(?:min(?:utes)?)?\)?)?"
        ),
        (
            r"view (?:gallery|comments|in browser)|(?:text|font) size|was this (?:article )?"
            r"(?:useful|helpful)\?.{0,20}"
        ),
        r"(?:please enable|enable|turn on) javascript\b.{0,60}|javascript (?:is|must be) .{0,60}",
        r"(?:correction|corrigendum|errat(?:um|a)|clarification): ?(?:an earlier|a previous|this"
        r" (?:article|story|report|note|brief)|in volume) .{0,260}",
        rf"(?:last )?updated (?:on )?\d{{1,2}} {_MONTH}.{{0,24}}, to correct .{{1,160}}",
        r"\[(?:download|request|share|save|follow|donate|listen|print|embed)\b[^\[\]]{0,30}\]"
        r"(?: ?\[[^\[\]]{1,30}\]){0,6}|letters to the editor should .{1,120}",
    ),
    "contact": (
        rf"{_DESK} {_ENQUIRY}: ?.{{0,200}}|(?:contacts?|enquiries):?",
        (
            r"(?:contacts?|enquiries|tel(?:ephone)?|phone|mobile|e-?mail|fax): ?.{0,80}"
            r"(?:@|https?:|www\.|\d[\d ()-]{5,}).{0,120}"
        ),
        (
            r"for (?:more|further) information(?:,? please)?:? (?:contact|visit|call|write to"
            r"|e-?mail)\b.{0,160}"
        ),
        rf"{_DESK} {_ENQUIRY}(?:[,|].{{0,120}})?|contact (?:us|the (?:editors?|author))\b.{{0,80}}",
        r"[\w.+-]+@[\w-]+\.[\w.-]+|(?:tel:? ?)?\+?\d[\d ()-]{7,20}",
    ),
    "end mark": (r"[-–—# ]*\(?(?:ends?|30)\)?[-–—# ]*",),
    "disclaimer": (
        (
            r"(?:disclaimers?|disclosures?|forward-looking statements(?: (?:&|and)"
            r" disclaimer)?): .{0,390}"
        ),
        r"the (?:author|writer) (?:does not own|holds none of the|owns no) (?:shares"
        r"|stock|securities)\b.{0,160}",
        r"cautionary note: .{0,300}\bforward-looking\b.{0,100}",
        r"neither (?:the )?tsx .{0,60}accepts? responsibility for the adequacy\b.{0,120}",
        r"past performance is (?:no|not a reliable) (?:guide|guarantee|indicator)\b.{0,200}",
        r"prices are delayed by at least \d+ minutes\..{0,120}",
    ),
    "byline": (rf"by {_PERSON}(?:(?:,| and) {_PERSON}){{0,3}}(?: ?\| ?.{{2,60}})?",),
}
"""Matched against a whole block, capital letters aside except where a name is meant."""

KEYED_FORMS: dict[str, dict[str, str]] = {
    "reply form": {"you must be": r"(?:.{0,40}\| )?you must be (?:logged|signed) in to .{0,40}"},
    "credit": {
        "contributed": rf"[(\[–—-]*[ ]?{_NAMES} contributed (?:reporting|to this (?:report|article"
        r"|story))[.)\]]*",
    },
    "date line": {
        "|": rf"[\w ]{{1,30}} \| {_DATE}(?: \| [\w ]{{1,20}})?|[\w ]{{2,40}} \| vol\. .{{1,80}}",
    },
    "newsletter prompt": {
        "your e": r"(?:.{0,120}[.!?:] )?(?:enter|type) your e-?mail(?: address)?"
        r"(?: (?:here|below|to .{1,60}))?[.!]?",
        "unsubscribe": r"(?:.{0,200}[.!?:|] )?unsubscribe(?: at any time)?[.!]?(?: \|.{0,80})?",
    },
    "copyright": {
        "all rights reserved": r".{0,120}\ball rights reserved\b.{0,120}",
        "prohibited": r".{0,80}\breproduction (?:is )?prohibited\.?",
    },
    "disclaimer": {
        " advice": r".{0,200}\b(?:is|are|does|do) not (?:constitute|intended (?:as|to be)"
        r"|to be (?:taken|construed) as) (?:financial|investment|legal|trading) advice\b.{0,150}"
        r"|.{0,200}\b(?:is not|isn[’']t|nor) (?:legal|investment|financial)(?: or (?:legal|tax))?"
        r" advice\b.{0,150}",
        "not responsible": r".{0,100}\bnot responsible for the content of external (?:web)?sites\b"
        r".{0,60}",
        "author": rf"{_VIEWS} (?:those of the author|the author[’']s)\b.{{0,260}}",
        "personal": rf"{_VIEWS} personal\b.{{0,260}}|(?:.{{0,120}}\. )?views are personal\.",
        " any ": r".{0,80}\b(?:holds?|owns?|has|have) no (?:position|shares|securities) (?:in|of)"
        r" any (?:of the )?(?:stock|compan|securit|share).{0,160}",
    },
}
"""More forms of these rules, which open with anything, each by words that such a block holds."""
