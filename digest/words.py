"""What the digest and the pages say, in bokmål, nynorsk and English: phrases, dates, counts, names.

`say(language, key, …)` looks a phrase up; the functions build what must agree in number or order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

Language = Literal["nb", "nn", "en"]
LANGUAGES: tuple[Language, ...] = ("nb", "nn", "en")
OSLO = ZoneInfo("Europe/Oslo")
SENTENCE = 200
"""Most characters of another's text that are ever shown."""

_MONTHS = {
    "nb": [
        "januar",
        "februar",
        "mars",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_MONTHS["nn"] = _MONTHS["nb"]
_DAYS = {
    "nb": ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"],
    "nn": ["måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "sundag"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}

# What was done, as it follows «har» or «skal ha» (has, has reportedly); one tie, several ties.
_DONE = {
    "signed": {
        "nb": ("inngått vennskapsavtale med", "inngått vennskapsavtaler med"),
        "nn": ("inngått vennskapsavtale med", "inngått vennskapsavtalar med"),
        "en": ("signed a friendship agreement with", "signed friendship agreements with"),
    },
    "renewed": {
        "nb": ("fornyet avtalen med", "fornyet avtalene med"),
        "nn": ("fornya avtalen med", "fornya avtalane med"),
        "en": ("renewed its agreement with", "renewed its agreements with"),
    },
    "frozen": {
        "nb": ("fryst avtalen med", "fryst avtalene med"),
        "nn": ("fryst avtalen med", "fryst avtalane med"),
        "en": ("suspended its tie with", "suspended its ties with"),
    },
    "terminated": {
        "nb": ("avsluttet avtalen med", "avsluttet avtalene med"),
        "nn": ("avslutta avtalen med", "avslutta avtalane med"),
        "en": ("ended its tie with", "ended its ties with"),
    },
    "resumed": {
        "nb": ("gjenopptatt avtalen med", "gjenopptatt avtalene med"),
        "nn": ("teke opp att avtalen med", "teke opp att avtalane med"),
        "en": ("resumed its tie with", "resumed its ties with"),
    },
    "rejected_termination": {
        "nb": ("sagt nei til å avslutte avtalen med", "sagt nei til å avslutte avtalene med"),
        "nn": ("sagt nei til å avslutte avtalen med", "sagt nei til å avslutte avtalane med"),
        "en": ("declined to end its tie with", "declined to end its ties with"),
    },
}
_PROPOSED = {
    "proposed_signing": {
        "nb": ("Forslag om at {kommune} inngår vennskapsavtale med {cities}",) * 2,
        "nn": ("Framlegg om at {kommune} inngår vennskapsavtale med {cities}",) * 2,
        "en": ("Proposal that {kommune} sign a friendship agreement with {cities}",) * 2,
    },
    "proposed_termination": {
        "nb": (
            "Forslag om at {kommune} avslutter avtalen med {cities}",
            "Forslag om at {kommune} avslutter avtalene med {cities}",
        ),
        "nn": (
            "Framlegg om at {kommune} avsluttar avtalen med {cities}",
            "Framlegg om at {kommune} avsluttar avtalane med {cities}",
        ),
        "en": (
            "Proposal that {kommune} end its tie with {cities}",
            "Proposal that {kommune} end its ties with {cities}",
        ),
    },
}
_HAS = {
    "decided": {"nb": "har", "nn": "har", "en": "has"},
    "reported": {"nb": "skal ha", "nn": "skal ha", "en": "has reportedly"},
}
# The action in one or two words, for labels.
_LABEL = {
    "signed": ("ny avtale", "ny avtale", "new tie"),
    "renewed": ("fornyet", "fornya", "renewed"),
    "frozen": ("fryst", "fryst", "suspended"),
    "terminated": ("avsluttet", "avslutta", "ended"),
    "resumed": ("gjenopptatt", "teken opp att", "resumed"),
    "rejected_termination": ("beholdt", "behalden", "kept"),
    "proposed_signing": ("forslag om ny avtale", "framlegg om ny avtale", "proposed tie"),
    "proposed_termination": ("forslag om brudd", "framlegg om brot", "proposed end"),
    "aid": ("hjelp", "hjelp", "aid"),
    "visit": ("besøk", "besøk", "visit"),
}
_STATUS = {
    "active": ("gjelder", "gjeld", "in force"),
    "frozen": ("fryst", "fryst", "suspended"),
    "ended": ("avsluttet", "avslutta", "ended"),
    "proposed": ("foreslått", "foreslått", "proposed"),
    "doubtful": ("tvilsom", "tvilsam", "doubtful"),
    "disputed": ("omstridt", "omstridd", "disputed"),
    "unknown": ("ukjent", "ukjend", "unknown"),
}
_STANCE = {
    "keep": ("vil beholde avtalen", "vil behalde avtalen", "wants to keep the tie"),
    "freeze": ("vil fryse avtalen", "vil fryse avtalen", "wants to suspend the tie"),
    "end": ("vil avslutte avtalen", "vil avslutte avtalen", "wants to end the tie"),
    "establish": ("vil ha en ny avtale", "vil ha ein ny avtale", "wants a new tie"),
    "none": ("tar ikke stilling", "tek ikkje stilling", "takes no stand"),
}
_FORM = {
    "debatt": ("debattinnlegg", "debattinnlegg", "debate post"),
    "kronikk": ("kronikk", "kronikk", "op-ed essay"),
    "leserbrev": ("leserbrev", "lesarbrev", "letter to the editor"),
    "leder": ("leder", "leiar", "editorial"),
    "kommentar": ("kommentar", "kommentar", "commentary"),
    None: ("meningsinnlegg", "meiningsinnlegg", "opinion piece"),
}
_BODY = {
    "kommunestyre": ("kommunestyret", "kommunestyret", "the municipal council"),
    "bystyre": ("bystyret", "bystyret", "the city council"),
    "formannskap": ("formannskapet", "formannskapet", "the executive committee"),
    "ordfører": ("ordføreren", "ordføraren", "the mayor"),
}
_SOURCE_STATE = {
    "down": ("svarte ikke", "svara ikkje", "no answer"),
    "silent": ("tom liste", "tom liste", "empty list"),
    "degraded": ("uvanlig lite", "uvanleg lite", "unusually little"),
    "unknown": ("ikke hentet", "ikkje henta", "not fetched"),
}
_COUNTRY = {
    "AR": ("Argentina", "Argentina", "Argentina"),
    "AT": ("Østerrike", "Austerrike", "Austria"),
    "AX": ("Åland", "Åland", "Åland"),
    "AZ": ("Aserbajdsjan", "Aserbajdsjan", "Azerbaijan"),
    "BA": ("Bosnia-Hercegovina", "Bosnia-Hercegovina", "Bosnia and Herzegovina"),
    "BD": ("Bangladesh", "Bangladesh", "Bangladesh"),
    "BE": ("Belgia", "Belgia", "Belgium"),
    "BG": ("Bulgaria", "Bulgaria", "Bulgaria"),
    "BR": ("Brasil", "Brasil", "Brazil"),
    "BY": ("Belarus", "Belarus", "Belarus"),
    "CA": ("Canada", "Canada", "Canada"),
    "CN": ("Kina", "Kina", "China"),
    "CZ": ("Tsjekkia", "Tsjekkia", "Czechia"),
    "DE": ("Tyskland", "Tyskland", "Germany"),
    "DK": ("Danmark", "Danmark", "Denmark"),
    "EE": ("Estland", "Estland", "Estonia"),
    "ER": ("Eritrea", "Eritrea", "Eritrea"),
    "ES": ("Spania", "Spania", "Spain"),
    "FI": ("Finland", "Finland", "Finland"),
    "FO": ("Færøyene", "Færøyane", "the Faroe Islands"),
    "FR": ("Frankrike", "Frankrike", "France"),
    "GB": ("Storbritannia", "Storbritannia", "the United Kingdom"),
    "GE": ("Georgia", "Georgia", "Georgia"),
    "GL": ("Grønland", "Grønland", "Greenland"),
    "GT": ("Guatemala", "Guatemala", "Guatemala"),
    "HR": ("Kroatia", "Kroatia", "Croatia"),
    "HU": ("Ungarn", "Ungarn", "Hungary"),
    "IL": ("Israel", "Israel", "Israel"),
    "IN": ("India", "India", "India"),
    "IS": ("Island", "Island", "Iceland"),
    "IT": ("Italia", "Italia", "Italy"),
    "JP": ("Japan", "Japan", "Japan"),
    "KE": ("Kenya", "Kenya", "Kenya"),
    "KR": ("Sør-Korea", "Sør-Korea", "South Korea"),
    "LT": ("Litauen", "Litauen", "Lithuania"),
    "LV": ("Latvia", "Latvia", "Latvia"),
    "MA": ("Marokko", "Marokko", "Morocco"),
    "MD": ("Moldova", "Moldova", "Moldova"),
    "ME": ("Montenegro", "Montenegro", "Montenegro"),
    "MG": ("Madagaskar", "Madagaskar", "Madagascar"),
    "NA": ("Namibia", "Namibia", "Namibia"),
    "NI": ("Nicaragua", "Nicaragua", "Nicaragua"),
    "NL": ("Nederland", "Nederland", "the Netherlands"),
    "PL": ("Polen", "Polen", "Poland"),
    "PS": ("Palestina", "Palestina", "Palestine"),
    "PT": ("Portugal", "Portugal", "Portugal"),
    "RO": ("Romania", "Romania", "Romania"),
    "RS": ("Serbia", "Serbia", "Serbia"),
    "RU": ("Russland", "Russland", "Russia"),
    "SE": ("Sverige", "Sverige", "Sweden"),
    "SI": ("Slovenia", "Slovenia", "Slovenia"),
    "SK": ("Slovakia", "Slovakia", "Slovakia"),
    "SV": ("El Salvador", "El Salvador", "El Salvador"),
    "TR": ("Tyrkia", "Tyrkia", "Türkiye"),
    "TZ": ("Tanzania", "Tanzania", "Tanzania"),
    "UA": ("Ukraina", "Ukraina", "Ukraine"),
    "US": ("USA", "USA", "the United States"),
}
_COUNTS = {
    "story": (("sak", "saker"), ("sak", "saker"), ("story", "stories")),
    "paper": (("avis", "aviser"), ("avis", "aviser"), ("paper", "papers")),
    "source": (("kilde", "kilder"), ("kjelde", "kjelder"), ("source", "sources")),
    "week": (("uke", "uker"), ("veke", "veker"), ("week", "weeks")),
    "day": (("dag", "dager"), ("dag", "dagar"), ("day", "days")),
    "decision": (("vedtak", "vedtak"), ("vedtak", "vedtak"), ("decision", "decisions")),
    "new_decision": (
        ("nytt vedtak", "nye vedtak"),
        ("nytt vedtak", "nye vedtak"),
        ("new decision", "new decisions"),
    ),
    "proposal": (("forslag", "forslag"), ("framlegg", "framlegg"), ("proposal", "proposals")),
    "report": (("melding", "meldinger"), ("melding", "meldingar"), ("report", "reports")),
    "unsure": (
        ("usikker melding", "usikre meldinger"),
        ("uviss melding", "uvisse meldingar"),
        ("unsure report", "unsure reports"),
    ),
    "post": (
        ("meningsinnlegg", "meningsinnlegg"),
        ("meiningsinnlegg", "meiningsinnlegg"),
        ("opinion piece", "opinion pieces"),
    ),
    "tie": (("avtale", "avtaler"), ("avtale", "avtalar"), ("tie", "ties")),
}
_NEUTER = ("decision", "new_decision", "proposal", "post")
_ONE = {"nb": ("én", "ett"), "nn": ("éi", "eitt"), "en": ("one", "one")}
"""One of a feminine noun («sak», «melding»), and of a neuter; masculine ones are not counted in words."""
_NUMBERS = {
    "nb": ("to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv"),
    "nn": ("to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv"),
    "en": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
}
_PHRASES = {
    "week": ("Uke {week}, {year}", "Veke {week}, {year}", "Week {week}, {year}"),
    "week_short": ("uke {week}", "veke {week}", "week {week}"),
    "running": (
        "Uken er ikke over: dette er status så langt.",
        "Veka er ikkje over: dette er status så langt.",
        "The week is not over: this is how it stands so far.",
    ),
    "decisions": ("Nye vedtak", "Nye vedtak", "New decisions"),
    "unsure": ("Meldt, men usikkert", "Meldt, men uvisst", "Reported, but unsure"),
    "earlier": ("Eldre vedtak vi først leste nå", "Eldre vedtak vi først las no", "Older decisions, first read now"),
    "proposals": ("Forslag og avstemninger", "Framlegg og avrøystingar", "Proposals and votes ahead"),
    "attention": ("Oppmerksomhet", "Merksemd", "Attention"),
    "debates": ("Debatten: verdt å svare på", "Debatten: verdt å svare på", "Debate: worth answering"),
    "silent": ("Ingen skriver om", "Ingen skriv om", "Nobody writes about"),
    "ukraine": ("Nye bånd med Ukraina", "Nye band med Ukraina", "New ties with Ukraine"),
    "outages": ("Kilder som var nede", "Kjelder som var nede", "Sources that were down"),
    "sources": ("Kildene", "Kjeldene", "Sources"),
    "decided": ("Vedtatt", "Vedteke", "Decided"),
    "reported": ("Usikkert", "Uvisst", "Unsure"),
    "reported_why": (
        "For usikkert til at vi har endret statusen.",
        "For uvisst til at vi har endra statusen.",
        "Too unsure for us to change the status.",
    ),
    "proposed": ("Nytt denne uken", "Nytt denne veka", "New this week"),
    "ahead": ("Avstemning venter {when}", "Avrøysting ventar {when}", "Vote due {when}"),
    "again": ("Omtalt igjen", "Omtalt på nytt", "Mentioned again"),
    "no_date": (
        "dato ikke oppgitt, meldt {day}",
        "dato ikkje oppgitt, meldt {day}",
        "date not given, reported {day}",
    ),
    "no_dates": ("dato ikke oppgitt", "dato ikkje oppgitt", "date not given"),
    "in_week": (
        "i uke {week}, dagen er ikke oppgitt",
        "i veke {week}, dagen er ikkje oppgitt",
        "in week {week}, day not given",
    ),
    "in_month": (
        "i {month} {year}, dagen er ikke oppgitt",
        "i {month} {year}, dagen er ikkje oppgitt",
        "in {month} {year}, day not given",
    ),
    "in_year": ("i {year}, dagen er ikke oppgitt", "i {year}, dagen er ikkje oppgitt", "in {year}, day not given"),
    "between": (
        "mellom {first} og {last}, dagen er ikke oppgitt",
        "mellom {first} og {last}, dagen er ikkje oppgitt",
        "between {first} and {last}, day not given",
    ),
    "by": ("av {who}", "av {who}", "by {who}"),
    "by_nobody": ("ikke oppgitt av hvem", "ikkje oppgitt av kven", "not stated by whom"),
    "in_papers": ("{stories} i {papers}", "{stories} i {papers}", "{stories} in {papers}"),
    "denied": ("Bestridt i {reports}.", "Bestridd i {reports}.", "Denied in {reports}."),
    "conflict": (
        "Andre meldinger sier det motsatte om de samme dagene.",
        "Andre meldingar seier det motsette om dei same dagane.",
        "Other reports say the opposite about the same days.",
    ),
    "paid": (
        "bak betalingsmur, vi har bare lest tittel og ingress",
        "bak betalingsmur, vi har berre lese tittel og ingress",
        "behind a paywall, we have read only headline and standfirst",
    ),
    "withdrawn": ("avisen har trukket saken", "avisa har trekt saka", "withdrawn by the paper"),
    "from": ("fra {day}", "frå {day}", "of {day}"),
    "reply": ("Svarer på", "Svarar på", "Replies to"),
    "answered": ("Har fått {n} svar", "Har fått {n} svar", "Has had {n} replies"),
    "answered_one": ("Har fått svar", "Har fått svar", "Has been answered"),
    "unanswered": ("Ubesvart så langt", "Ikkje svart på så langt", "Unanswered so far"),
    "more_debates": ("Og {n} til i denne uken.", "Og {n} til denne veka.", "And {n} more this week."),
    "stance_of": ("{stance}: {tie}", "{stance}: {tie}", "{stance}: {tie}"),
    "level": (
        "{tie}: fra {before} til {after} saker i uken siden uke {week}",
        "{tie}: frå {before} til {after} saker i veka sidan veke {week}",
        "{tie}: from {before} to {after} stories a week since week {week}",
    ),
    "surge": (
        "{tie}: {stories} denne uken, mot {before} i snitt ukene før",
        "{tie}: {stories} denne veka, mot {before} i snitt vekene før",
        "{tie}: {stories} this week, up from {before} a week on average",
    ),
    "first_surge": ("{tie}: {stories} denne uken", "{tie}: {stories} denne veka", "{tie}: {stories} this week"),
    "probably": ("(usikkert)", "(uvisst)", "(unsure)"),
    "ratio": (
        "{ratio} ganger så mye som før (95\u00a0%-intervall {low} til {high}).",
        "{ratio} gonger så mykje som før (95\u00a0%-intervall {low} til {high}).",
        "{ratio} times as many as before (95% interval {low} to {high}).",
    ),
    "nothing_before": (
        "Ingen saker de {weeks} ukene før.",
        "Ingen saker dei {weeks} vekene før.",
        "No stories in the {weeks} weeks before.",
    ),
    "most_written": ("Mest omtalt denne uken", "Mest omtalt denne veka", "Most written about this week"),
    "no_shift": (
        "Ingen avtale skiller seg klart fra det vanlige.",
        "Ingen avtale skil seg klart frå det vanlege.",
        "No tie stands out clearly from the usual.",
    ),
    "share_alt": (
        "{tie}: {stories}, {share} av alt som ble skrevet (95\u00a0%-intervall {low} til {high})",
        "{tie}: {stories}, {share} av alt som vart skrive (95\u00a0%-intervall {low} til {high})",
        "{tie}: {stories}, {share} of all that was written (95% interval {low} to {high})",
    ),
    "week_chart": (
        "Punktdiagram over ukens andel av alle saker.",
        "Punktdiagram over delen av alle saker i veka.",
        "Dot plot of the share of all stories this week.",
    ),
    "course_chart": (
        "Graf over {tie} uke for uke, {first} til {last}.",
        "Graf over {tie} veke for veke, {first} til {last}.",
        "Chart of {tie} week by week, {first} to {last}.",
    ),
    "course_alt": (
        (
            "Siste uke: {stories}, {share} av alle saker (95\u00a0%-intervall {low} til {high}). "
            "Høyeste uke: {top} i {top_week}."
        ),
        (
            "Siste veka: {stories}, {share} av alle saker (95\u00a0%-intervall {low} til {high}). "
            "Høgaste veka: {top} i {top_week}."
        ),
        (
            "Last week: {stories}, {share} of all stories (95% interval {low} to {high}). "
            "Highest week: {top} in {top_week}."
        ),
    ),
    "course_missing": (
        "Uten tall (kilder nede): {missing}.",
        "Utan tal (kjelder nede): {missing}.",
        "Without a figure (sources down): {missing}.",
    ),
    "share_axis": (
        "Andel av alle saker, med 95\u00a0%-intervall",
        "Del av alle saker, med 95\u00a0%-intervall",
        "Share of all stories, with 95% interval",
    ),
    "course_axis": (
        "Andel av alle saker per uke, med 95\u00a0%-intervall der noe ble skrevet",
        "Del av alle saker per veke, med 95\u00a0%-intervall der noko vart skrive",
        "Share of all stories by week, with 95% interval where any was written",
    ),
    "outage_axis": ("grått: kilder nede, ikke tall", "grått: kjelder nede, ikkje tal", "grey: sources down, no figure"),
    "no_figure": (
        "Andelen kan ikke regnes ut: for få kilder svarte denne uken.",
        "Delen kan ikkje reknast ut: for få kjelder svara denne veka.",
        "The share can't be told: too few sources answered this week.",
    ),
    "silence_for": (
        "{weeks} uten en sak i de avisene vi leser",
        "{weeks} utan ei sak i avisene vi les",
        "{weeks} without a story in the papers we read",
    ),
    "last_story": ("sist omtalt {day}", "sist omtalt {day}", "last mentioned {day}"),
    "never_story": (
        "aldri omtalt i de {weeks} ukene vi har lest",
        "aldri omtalt i dei {weeks} vekene vi har lese",
        "never mentioned in the {weeks} weeks we have read",
    ),
    "new_silence": (
        "{weeks} uten en sak, nytt denne uken",
        "{weeks} utan ei sak, nytt denne veka",
        "{weeks} without a story, new this week",
    ),
    "no_local": (
        "Vi leser ikke lokalavisen; det kan være skrevet noe vi ikke ser.",
        "Vi les ikkje lokalavisa; det kan vere skrive noko vi ikkje ser.",
        "We don't read the local paper; it may have written what we do not see.",
    ),
    "unhealthy_weeks": (
        "Ikke regnet med: {n} da kilder var nede.",
        "Ikkje rekna med: {n} då kjelder var nede.",
        "Not counted: {n} in which sources were down.",
    ),
    "unverified": ("Avtalen er ikke bekreftet.", "Avtalen er ikkje stadfesta.", "The tie is not verified."),
    "silent_more": (
        "I alt har {n} vært uten omtale i minst {weeks}.",
        "I alt har {n} vore utan omtale i minst {weeks}.",
        "In all, {n} have gone unmentioned for at least {weeks}.",
    ),
    "first_named": ("Nevnt for første gang", "Nemnd for første gong", "Named for the first time"),
    "ukraine_told": ("Se vedtakene over: {ties}.", "Sjå vedtaka over: {ties}.", "See the decisions above: {ties}."),
    "ukraine_total": (
        "Vi kjenner nå {n} med Ukraina som gjelder.",
        "Vi kjenner no {n} med Ukraina som gjeld.",
        "We now know of {n} in force with Ukraine.",
    ),
    "outage": (
        "{missing} av {days} uten fullstendig henting",
        "{missing} av {days} utan fullstendig henting",
        "{missing} of {days} not fully fetched",
    ),
    "outages_mean": (
        "Det disse skrev de dagene, kan mangle over. Andeler er regnet uten dem.",
        "Det desse skreiv dei dagane, kan mangle over. Delar er rekna utan dei.",
        "What these wrote on those days may be missing above. Shares are counted without them.",
    ),
    "outages_so_far": ("Ingen avbrudd så langt.", "Ingen avbrot så langt.", "No outages so far."),
    "outages_none": (
        "Alle {sources} svarte hele uken.",
        "Alle {sources} svara heile veka.",
        "All {sources} answered all week.",
    ),
    "quiet": (
        "En stille uke: ingen nye vedtak og ingen nye forslag.",
        "Ei stille veke: ingen nye vedtak og ingen nye framlegg.",
        "A quiet week: no new decisions and no new proposals.",
    ),
    "quiet_decisions": (
        "En stille uke: ingen nye vedtak.",
        "Ei stille veke: ingen nye vedtak.",
        "A quiet week: no new decisions.",
    ),
    "quiet_yours": (
        "En stille uke for det du følger.",
        "Ei stille veke for det du følgjer.",
        "A quiet week for what you follow.",
    ),
    "short_news": ("{label}: {ties}", "{label}: {ties}", "{label}: {ties}"),
    "short_reported": ("usikkert, {label}: {ties}", "uvisst, {label}: {ties}", "unsure, {label}: {ties}"),
    "quiet_subject": ("{week}: ingen nye vedtak", "{week}: ingen nye vedtak", "{week}: no new decisions"),
    "and_more": ("og {n} til", "og {n} til", "and {n} more"),
    "read_this_week": (
        "Vi leste {stories} fra {papers} denne uken; {ties} av dem handler om en vennskapsavtale.",
        "Vi las {stories} frå {papers} denne veka; {ties} av dei handlar om ein vennskapsavtale.",
        "We read {stories} from {papers} this week, {ties} of them about a friendship tie.",
    ),
    "none": ("ingen", "ingen", "none"),
    "wrote_one": (
        "{stories} nevner en vennskapsavtale",
        "{stories} nemner ein vennskapsavtale",
        "{stories} naming a friendship tie",
    ),
    "all_about": ("Alt om {tie}", "Alt om {tie}", "All about {tie}"),
    "more_on_site": (
        "Alle tall, setningene bak og metoden",
        "Alle tal, setningane bak og metoden",
        "All figures, the sentences behind them and the method",
    ),
    "why_you": (
        "Du får denne e-posten fordi adressen din står på listen.",
        "Du får denne e-posten fordi adressa di står på lista.",
        "You get this mail because your address is on the list.",
    ),
    "your_wishes": ("Du følger: {what}.", "Du følgjer: {what}.", "You follow: {what}."),
    "only_decisions": ("bare vedtak", "berre vedtak", "decisions only"),
    "unsubscribe": ("Meld deg av", "Meld deg av", "Unsubscribe"),
    "no_tracking": (
        "E-posten henter ingenting utenfra og sporer ingenting.",
        "E-posten hentar ingenting utanfrå og sporar ingenting.",
        "This mail loads nothing from outside and tracks nothing.",
    ),
    "method": (
        (
            "«Vedtatt» betyr at én sikker eller to uavhengige saker sier det, eller at et dokument "
            "eller en analytiker har bekreftet det. En sak som er trykt i flere aviser, telles én "
            "gang."
        ),
        (
            "«Vedteke» tyder at éi sikker eller to uavhengige saker seier det, eller at eit dokument "
            "eller ein analytikar har stadfesta det. Ei sak som er trykt i fleire aviser, tel "
            "éin gong."
        ),
        (
            "“Decided” means that one sure story or two independent ones say so, or that a document or "
            "an analyst has confirmed it. A story printed in several papers counts once."
        ),
    ),
    "read_at": ("Tallene ble laget {when}.", "Tala vart laga {when}.", "The figures were made on {when}."),
    "confirm_subject": (
        "Bekreft at du vil ha {title}",
        "Stadfest at du vil ha {title}",
        "Confirm that you want {title}",
    ),
    "confirm_body": (
        "Noen, forhåpentligvis du, har bedt om at {title} blir sendt til denne adressen én gang i uken.",
        "Nokon, vonleg du, har bede om at {title} blir send til denne adressa éin gong i veka.",
        "Somebody, we hope you, asked for {title} to be sent to this address once a week.",
    ),
    "confirm_link": ("Bekreft her", "Stadfest her", "Confirm here"),
    "confirm_else": (
        "Var det ikke deg, trenger du ikke gjøre noe: uten bekreftelse sender vi ikke flere e-poster.",
        "Var det ikkje deg, treng du ikkje gjere noko: utan stadfesting sender vi ikkje fleire e-postar.",
        "If it was not you, do nothing: without your word we send no more mail.",
    ),
    "confirm_title": ("Vil du ha {title}?", "Vil du ha {title}?", "Do you want {title}?"),
    "confirm_button": ("Ja, send meg {title}", "Ja, send meg {title}", "Yes, send me {title}"),
    "confirmed": (
        "Takk! {title} kommer hver uke fra nå av.",
        "Takk! {title} kjem kvar veke frå no av.",
        "Thank you! {title} will come every week from now on.",
    ),
    "leave_title": ("Avslutte {title}?", "Avslutte {title}?", "Leave {title}?"),
    "leave_text": (
        "Da sletter vi adressen din og alt annet vi vet om abonnementet.",
        "Då slettar vi adressa di og alt anna vi veit om abonnementet.",
        "We then delete your address and everything else we know of the subscription.",
    ),
    "leave_button": ("Avslutt og slett", "Avslutt og slett", "Leave and delete"),
    "left": (
        "Du er meldt av, og adressen er slettet.",
        "Du er meldt av, og adressa er sletta.",
        "You are unsubscribed and your address is deleted.",
    ),
    "no_such_link": (
        "Denne lenken gjelder ikke lenger. Adressen er kanskje alt slettet.",
        "Denne lenkja gjeld ikkje lenger. Adressa er kanskje alt sletta.",
        "This link no longer applies. The address may already be deleted.",
    ),
}
# What could turn the reading order of a line or hide in it: controls, bidirectional marks, private use.
_INVISIBLE = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff"
    "\\ufff9-\\ufffb\\ue000-\\uf8ff]"
)


def say(language: Language, key: str, **values: object) -> str:
    """Return a phrase with its values put in; raises KeyError for an unknown key."""
    return _PHRASES[key][LANGUAGES.index(language)].format(**values)


def _of(table: dict[str, tuple[str, str, str]], key: str, language: Language) -> str:
    return table[key][LANGUAGES.index(language)]


def label(language: Language, action: str) -> str:
    """Return an action in one or two words."""
    return _of(_LABEL, action, language)


def status_name(language: Language, status: str) -> str:
    """Return a tie's status as a word."""
    return _of(_STATUS, status, language)


def stance_name(language: Language, stance: str) -> str:
    """Return what an opinion text wants."""
    return _of(_STANCE, stance, language)


def form_name(language: Language, form: str | None) -> str:
    """Return the form of an opinion text."""
    return _FORM.get(form, _FORM[None])[LANGUAGES.index(language)]


def body_name(language: Language, body: str) -> str:
    """Return who decided, in the definite form; a name that is no known body is returned as it is."""
    return _BODY[body][LANGUAGES.index(language)] if body in _BODY else body


def source_state(language: Language, state: str) -> str:
    """Return why a day of a source does not count."""
    return _of(_SOURCE_STATE, state, language) if state in _SOURCE_STATE else state


def country_name(language: Language, code: str | None) -> str | None:
    """Return a country's name, None for a code that no tie has had so far."""
    return _of(_COUNTRY, code, language) if code in _COUNTRY else None


def count(language: Language, number: int, noun: str) -> str:
    """Return a number with its noun: `count("nb", 2, "story")` is «2 saker»."""
    one, many = _COUNTS[noun][LANGUAGES.index(language)]
    return f"{whole(language, number)} {one if number == 1 else many}"


def counted(language: Language, number: int, noun: str) -> str:
    """Return a number with its noun as in running text: small numbers as words, «ett nytt vedtak», «tre forslag»."""
    one, many = _COUNTS[noun][LANGUAGES.index(language)]
    if number == 1:
        return f"{_ONE[language][noun in _NEUTER]} {one}"
    return f"{_NUMBERS[language][number - 2]} {many}" if 2 <= number <= 12 else count(language, number, noun)


def listed(language: Language, names: Sequence[str]) -> str:
    """Join names as in running text: «A, B og C»."""
    joiner = " and " if language == "en" else " og "
    return joiner.join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))


def headline(language: Language, action: str, state: str, kommune: str, cities: Sequence[str]) -> str:
    """Return what happened in one clause, without a full stop; only what is decided is told as a fact."""
    named = listed(language, cities)
    if action in _PROPOSED:
        return _PROPOSED[action][language][len(cities) > 1].format(kommune=kommune, cities=named)
    return f"{kommune} {_HAS[state][language]} {_DONE[action][language][len(cities) > 1]} {named}"


def whole(language: Language, number: int) -> str:
    """Return a whole number with the language's mark of thousands (a space that does not break, a comma)."""
    return f"{number:,}".replace(",", "," if language == "en" else "\u00a0") if number >= 10_000 else str(number)


def decimal(language: Language, number: float, digits: int = 1) -> str:
    """Return a number with the language's decimal mark; no decimals from ten on."""
    text = f"{number:.{digits if abs(number) < 10 else 0}f}"
    return text if language == "en" else text.replace(".", ",")


def percent(language: Language, share: float) -> str:
    """Return a share (0 to 1) as per cent, with as many decimals as it is worth."""
    value = 100 * share
    text = f"{value:.{0 if value >= 10 else 1 if value >= 1 else 2}f}"
    return f"{text}%" if language == "en" else f"{text.replace('.', ',')}\u00a0%"


def month(language: Language, moment: date) -> str:
    """Return the month's name."""
    return _MONTHS[language][moment.month - 1]


def day(language: Language, moment: date, *, year: int | None = None, weekday: bool = False) -> str:
    """Return a day as in running text; the year only where it is not `year`."""
    name = month(language, moment)
    text = f"{moment.day} {name}" if language == "en" else f"{moment.day}. {name}"
    if moment.year != year:
        text += f" {moment.year}"
    return f"{_DAYS[language][moment.weekday()]} {text}" if weekday else text


def span(language: Language, first: date, last: date) -> str:
    """Return the days of a week or other span: «1.–7. april 2024»."""
    dash = "–"
    if (first.year, first.month) == (last.year, last.month):
        start = f"{first.day}" if language == "en" else f"{first.day}."
        return f"{start}{dash}{day(language, last)}"
    return f"{day(language, first, year=last.year)} {dash} {day(language, last)}"


def moment(language: Language, at: datetime) -> str:
    """Return a time (aware) as day and clock in Oslo."""
    local = at.astimezone(OSLO)
    clock = f"{local:%H:%M}" if language == "en" else f"kl. {local:%H.%M}"
    return f"{day(language, local.date())}{',' if language == 'en' else ''} {clock}"


def decision_day(
    language: Language, first: date | None, last: date | None, precision: str | None, reported: date | None, year: int
) -> str:
    """Say when a decision was made, no more precisely than it is known; `year` is that of the digest."""
    if first is not None and precision == "day":
        return day(language, first, year=year, weekday=True)
    if first is not None and precision == "week":
        return say(language, "in_week", week=first.isocalendar().week)
    if first is not None and precision == "month":
        return say(language, "in_month", month=month(language, first), year=first.year)
    if first is not None and precision == "year":
        return say(language, "in_year", year=first.year)
    if first is not None and last is not None and precision == "season":
        return say(language, "between", first=day(language, first, year=last.year), last=day(language, last))
    return say(language, "no_date", day=day(language, reported, year=year)) if reported else say(language, "no_dates")


def plain(text: str | None) -> str:
    """Return outside text on one line, without characters that are not seen."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text or "")).split())


def quoted(language: Language, text: str) -> str:
    """Return words of another's in the language's quotation marks."""
    return f"“{text}”" if language == "en" else f"«{text}»"


def slug(name: str) -> str:
    """Return an id as a file name of the site: plain ASCII, no path. The dash of a tie becomes an underscore."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)


def cut(text: str, length: int = SENTENCE) -> str:
    """Return outside text on one line and no longer than `length`, cut between words."""
    text = plain(text)
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def safe_link(address: str | None) -> str | None:
    """Return an address that may be linked to: http or https without spaces and controls; else None."""
    address = (address or "").strip()
    return address if re.fullmatch(r"https?://[^\s\x00-\x20\"<>\\^`{|}]+", address, re.IGNORECASE) else None


def sentence_case(text: str) -> str:
    """Return the text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def clauses(parts: Iterable[str | None]) -> str:
    """Join what is known of an item, leaving out what is not: «fredag 5. april · av ordføreren»."""
    return "\u00a0· ".join(part for part in parts if part)
