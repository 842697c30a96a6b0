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
_ONE_SENTENCE = r"(?!.*[a-z]{3}[.!?] +(?-i:[A-Z]))"
_LETTER = (
    r"(?:newsletter|e-?mails?|briefings?|alerts?|updates|inbox|mailing list|channel|podcast)s?"
)
_DESK = r"(?:media|press|investors?|editorial|public|customer)"
_ENQUIRY = r"(?:contacts?|enquir(?:y|ies)|inquir(?:y|ies)|relations|desk|office)"

SECTION_LABELS = (
    r"(?:key )?highlights|key (?:points|takeaways?|facts|findings|figures|messages|numbers)",
    r"takeaways?|at a glance|in brief|in short|in numbers|by the numbers|summary|abstract",
    r"executive summary|overview|introduction|(?:some |more )?background|context|definitions",
    r"conclusions?(?: in brief)?|(?:closing|final|concluding) (?:thoughts?|remarks)",
    r"recommendations?|findings|discussion|methods?|methodology|results|outlook|next steps",
    r"(?:the )?bottom line|(?:the )?investor takeaways?|what(?:'s|’s| is) missing",
    r"what holds up|where (?:it|they) (?:slips?|falls? short|stumbles?)|go deeper|the details",
    (
        r"why (?:it|this) matters(?: now)?|the big picture|what(?:'s|’s| is) next|what to "
        r"(?:watch|know)"
    ),
    r"what (?:it|this|that) means|what you need to know|details|analysis|opinion|comment|editorial",
    r"notes?(?: on (?:sources|method))?|footnotes?|notes? (?:to|for) editors|references|sources?",
    r"appendix|annex|(?:table of )?contents|news|feature|market (?:wrap|news)|appointments",
    r"questions? (?:and|&) answers?|q ?& ?a|faqs?|frequently asked questions|tl;? ?dr",
    r"in this (?:article|issue|story|report)|(?:oral|written) evidence|formal minutes|minutes",
    r"(?:list of )?witnesses|sessions?|in other news|forward-looking statements|disclaimer",
    r"about (?:the )?(?:authors?|company|us)|editor(?:'s|’s)? (?:note|pick)s?|letters?|calendar",
    r"the story so far|main points|main story|programs? in brief|for immediate release",
    r"(?:the )?(?:bull|bear) case|(?:the )?case (?:for|against)|(?:bulls|bears) say"
    r"|(?:our|house) view",
    r"(?:key |main )?(?:risks|projects|prices|valuations?|objections|precedents|policy options)",
    r"timeline|glossary|terms|uses|assessment|portfolio|number of the day|numbers?"
    r" to keep(?: in mind)?",
    r"what (?:happened|comes next|follows|it says|we know|else we know|should be done)",
    r"what (?:investors|clients) should (?:consider|watch)|what should investors watch",
    r"what (?:it|the coverage) got (?:right|wrong)|why investors care|who is affected",
    r"should (?:you|investors) buy|is it a buy|will it work|how (?:it works|will it work)",
    r"did you know|frequently confused|fact checks?|claims weighed|looking ahead"
    r"|further information",
    r"also (?:today|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)|(?:\d{1,2}\. )introduction",
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
        r"(?:.{0,40}\| )?you must be (?:logged|signed) in to .{0,40}|report (?:this )?comment",
    ),
    "forum furniture": (
        r"posted by [\w.-]{2,30}(?:,? (?=.*\d).{1,40})?|▲ ?\d+ ?▼.{0,80}|similar threads:.{0,200}",
        r"page \d+ of \d+(?: ?\|.{0,120})?|(?:reply|quote|share|report)(?: \| [\w ]{1,40}){1,6}",
    ),
    "share bar": (
        (
            r"(?:please )?(?:share|spread)(?: (?:this|the|it|on|via|with|article|story|post"
            r"|page|word"
            rf"|around|friends))*[:!]?(?: ?{_SITES})?"
        ),
        rf"(?:follow us|find us|like this|tell a friend)(?: on)?[:!]?(?: ?{_SITES})?",
        rf"follow {_NAMES} on {_SITE}|{_SITE}[ ,|/·•]+{_SITES}|copy link(?: ?\| about sharing)?",
        rf"share on {_SITE}(?: ?[|,·] ?(?:share on )?{_SITES}){{0,8}}",
        rf"(?:please )?share(?: this [a-z]{{3,12}})?:? (?:(?:to )?{_SITE}|[\w ]{{1,12}})"
        rf"(?: ?[|·] ?[\w ().]{{1,24}}){{1,9}}",
    ),
    "category list": (
        (
            r"(?:categor(?:y|ies)|tags?|tagged(?: (?:with|as))?|filed under|posted in"
            r"|topics?|keywords?)"
            r":[ ,;|]*[^.!?]{0,250}"
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
        rf"[(\[]?(?:data )?sources?: ?{_ONE_SENTENCE}.{{0,200}}",
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
            r"[(\[–—-]*[ ]?(?:with )?(?:additional |further )?(?:reporting|editing|writing|compiled"
            r"|translated|translation|edited|written|reported)(?: and (?:writing|editing"
            r"|reporting))?"
            r" by [^.!?]{2,200}[.)\]]*"
        ),
        rf"[(\[–—-]*[ ]?{_NAMES} contributed (?:reporting|to this (?:report|article|story))[.)\]]*",
        rf"(?:text|words): {_PERSON}\. photo(?:graph)?s: {_PERSON}\.?",
        r"by (?:our|the) [\w ,'’-]{0,40}\b(?:team|desk|staff|editors?|correspondents?"
        r"|reporters?)\.?",
        r"this (?:article|story|interview|q ?& ?a|transcript) (?:was|has been) (?:edited|shortened"
        r"|condensed)(?: and (?:edited|condensed))? for (?:length|clarity|radio|style)[^.]{0,40}\.",
        r"written by the [\w ]{2,30} desk\..{0,60}",
        (
            r"(?:with )?(?:agencies|reuters|ap|afp|pa|bloomberg)(?:(?:,| and|/) ?(?:reuters"
            r"|ap|afp|pa"
            r"|bloomberg|agencies))*"
        ),
    ),
    "date line": (
        (
            r"(?:(?:last |first )?(?:published|updated|posted|modified|created|date)(?: "
            r"(?:on|at))?:? ?)?"
            rf"(?:(?-i:[A-Z][A-Z /-]{{2,30}}), )?{_DATE}{_HOUR}"
        ),
        rf"[\w ]{{1,30}} \| {_DATE}(?: \| [\w ]{{1,20}})?|[\w ]{{2,40}} \| vol\. .{{1,80}}",
        r"\d{1,2}[ -]min(?:ute)?s? read|(?:estimated )?reading time:? .{1,30}",
        r"\d{1,3} (?:minutes?|hours?|days?|weeks?) ago",
    ),
    "newsletter prompt": (
        r"(?:our |daily |weekly |free |the )*newsletters?",
        (
            r"(?:sign up|signup|subscribe|register|join)(?: now| today| here| free)? (?:for"
            r"|to|our|with)"
            rf"\b.{{0,60}}\b{_LETTER}\b.{{0,120}}"
        ),
        (
            r"(?:subscribe|sign up|sign in|log in|register|donate)(?: (?:now|today|here|for"
            r" free))?[.!]?"
            r"(?: \| [\w ]{1,30}){0,5}"
        ),
        (
            r"(?:.{0,120}[.!?:] )?(?:enter|type) your e-?mail(?: address)?"
            r"(?: (?:here|below|to .{1,60}))?[.!]?"
        ),
        r"get .{3,80} (?:in|to|delivered to) your inbox.{0,60}",
        r"already (?:a subscriber|have an account)\?.{0,60}",
        r"(?:.{0,200}[.!?:|] )?unsubscribe(?: at any time)?[.!]?(?: \|.{0,80})?",
        r"you (?:are (?:receiving|reading) (?:this|a free)|have \d+ free articles) .{0,240}",
        r"(?:help us stay independent|support (?:our|independent) (?:journalism"
        r"|reporting))\b.{0,200}",
    ),
    "copyright": (
        (
            r"© ?(?:(?:19|20)\d\d|(?-i:[A-Z])).{0,300}|(?:copyright )?(?:\(c\)|copyright(?:"
            r" ©)?) ?(?:19|20)\d\d.{0,300}"
        ),
        r".{0,120}\ball rights reserved\b.{0,120}|.{0,80}\breproduction (?:is )?prohibited\.?",
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
            r"(?:read|see|find out|learn|hear|show|load|view|watch)(?: also| more| next|"
            r" now| on| all)?"
            r"(?: here)?[:>.… ]*"
        ),
        (
            r"(?:read (?:also|more|next|the full (?:story|article|report)(?: here)?)|also"
            r" read|see also"
            r"|more on this(?: story)?|related(?: (?:articles?|stories|news|content|posts"
            r"|links|reading))?"
            r"|you (?:may|might) also like|most (?:read|popular|viewed)|don['’]t miss|up next)"
            r"(?:: ?[^.]{0,160}|[.…>]*)"
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
        r"(?:correction|corrigendum|errat(?:um|a)|clarification): ?(?:an earlier|a"
        r" previous|this (?:article"
        r"|story|report|note|brief)|in volume) .{0,260}",
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
            r"for (?:more|further) information(?:,? please)?:? (?:contact|visit|call|write"
            r" to|e-?mail)"
            r"\b.{0,160}"
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
        (
            r".{0,200}\b(?:is|are|does|do) not (?:constitute|intended (?:as|to be)|to be "
            r"(?:taken|construed)"
            r" as) (?:financial|investment|legal|trading) advice\b.{0,150}"
        ),
        r".{0,100}\bnot responsible for the content of external (?:web)?sites\b.{0,60}",
        r".{0,200}\b(?:is not|isn[’']t|nor) (?:legal|investment|financial)(?: or"
        r" (?:legal|tax))? advice\b.{0,150}",
        r".{0,60}(?:views|opinions)(?: expressed| in this piece)* (?:here )?are"
        r" (?:those of the author|the"
        r" author[’']s|personal)\b.{0,260}|(?:.{0,120}\. )?views are personal\.",
        r".{0,80}\b(?:holds?|owns?|has|have) no (?:position|shares|securities) (?:in"
        r"|of) any (?:of the )?(?:stock|compan|securit|share).{0,160}",
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
