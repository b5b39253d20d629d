"""How Norwegian says what is done about a tie: verb phrases, frames and whole sentences, bokmål and nynorsk.

Slots: {K} the kommune, {C} the city, {A} the agreement with the city's name, {a} the agreement without it, {V} a verb
phrase, {T} a time, {B} a deciding body, {P} a person or party, {X} something else, {k} another kommune, {c} another
city, {G} what was given. A slash-free bank: one phrase a line, so that a reader can add a line and train again.
Written for this project; no line is taken from a paper or from the gold texts.
"""

from __future__ import annotations


def _lines(block: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in block.strip().splitlines() if line.strip())


NP = {
    "nb": (
        _lines(
            """avtalen med {C}
            vennskapsavtalen med {C}
            vennskapsbyavtalen med {C}
            samarbeidsavtalen med {C}
            samarbeidet med {C}
            vennskapet med {C}
            vennskapet til {C}
            båndene til {C}
            forbindelsen med {C}
            forholdet til {C}
            partnerskapet med {C}
            vennskapsbysamarbeidet med {C}
            {C}-avtalen
            kontakten med vennskapsbyen {C}
            den gamle avtalen med {C}
            tilknytningen til {C}"""
        ),
        _lines(
            """avtalen
            vennskapsavtalen
            samarbeidet
            vennskapet
            båndene
            forbindelsen
            samarbeidsavtalen
            vennskapsbysamarbeidet
            partnerskapet
            avtalen med den utenlandske byen
            vennskapet med byen
            det formelle samarbeidet"""
        ),
    ),
    "nn": (
        _lines(
            """avtalen med {C}
            venskapsavtalen med {C}
            vennskapsavtalen med {C}
            samarbeidsavtalen med {C}
            samarbeidet med {C}
            venskapen med {C}
            venskapet med {C}
            banda til {C}
            sambandet med {C}
            tilhøvet til {C}
            partnarskapen med {C}
            venskapsbysamarbeidet med {C}
            {C}-avtalen
            kontakten med venskapsbyen {C}
            den gamle avtalen med {C}"""
        ),
        _lines(
            """avtalen
            venskapsavtalen
            vennskapsavtalen
            samarbeidet
            venskapen
            venskapet
            banda
            sambandet
            samarbeidsavtalen
            venskapsbysamarbeidet
            partnarskapen
            venskapen med byen
            det formelle samarbeidet"""
        ),
    ),
}

# Infinitive phrases an action; {A} becomes the agreement with or without the city's name.
VERBS = {
    "nb": {
        "terminated": _lines(
            """si opp {A}
            avslutte {A}
            avvikle {A}
            kutte {A}
            skrote {A}
            terminere {A}
            oppheve {A}
            heve {A}
            bryte {A}
            legge ned {A}
            sette strek for {A}
            sette sluttstrek for {A}
            sette punktum for {A}
            gjøre slutt på {A}
            trekke seg fra {A}
            trekke seg ut av {A}
            tre ut av {A}
            gå ut av {A}
            skrinlegge {A}
            droppe {A}
            kvitte seg med {A}
            begrave {A}
            klippe {A}
            vrake {A}
            makulere {A}
            rive {A} i stykker
            annullere {A}
            kansellere {A}
            kaste {A} på skraphaugen
            legge {A} død
            legge bort {A} for godt
            ta farvel med {C}
            bryte med {C}
            bryte all kontakt med {C} og avslutte avtalen
            slå opp med {C}
            gjøre det slutt med {C}
            kutte ut {C}
            stryke {C} fra lista over vennskapsbyer
            ta {C} av lista
            fjerne {C} som vennskapsby
            droppe {C} som partner
            la {A} opphøre
            avslutte {A} med umiddelbar virkning
            si opp {A} formelt
            fase ut {A}
            løse seg fra {A}
            ikke lenger være vennskapsby med {C}"""
        ),
        "frozen": _lines(
            """fryse {A}
            fryse ned {A}
            legge {A} på is
            sette {A} på vent
            sette {A} på pause
            stille {A} i bero
            la {A} ligge i bero
            suspendere {A}
            sette {A} på hold
            stanse {A} midlertidig
            parkere {A} inntil videre
            legge {A} i dvale
            la {A} hvile til krigen er over
            innstille all kontakt med {C} inntil videre
            ta en pause i {A}
            legge {A} på hylla inntil videre
            holde {A} frosset"""
        ),
        "signed": _lines(
            """inngå vennskapsavtale med {C}
            inngå en samarbeidsavtale med {C}
            bli vennskapsby med {C}
            bli vennskapskommune med {C}
            signere en avtale med {C}
            undertegne en vennskapsavtale med {C}
            skrive under på en intensjonsavtale med {C}
            opprette et vennskapssamarbeid med {C}
            etablere et partnerskap med {C}
            knytte vennskapsbånd til {C}
            starte et formelt samarbeid med {C}
            gå inn i et partnerskap med {C}
            velge {C} som vennskapsby
            ta {C} som vennskapsby
            få {C} som ny vennskapsby
            inngå en partnerskapsavtale med {C}
            opprette vennskap med {C}"""
        ),
        "renewed": _lines(
            """fornye {A}
            forlenge {A}
            forlenge {A} med fire nye år
            videreføre {A} i en ny periode
            skrive under en fornyet avtale med {C}
            signere en ny avtale til avløsning for den gamle med {C}
            revidere og fornye {A}
            blåse nytt liv i {A} med en fornyet avtale"""
        ),
        "resumed": _lines(
            """gjenoppta {A}
            ta opp igjen {A}
            tine {A}
            vekke {A} til live igjen
            gjenopplive {A}
            gjenopprette {A}
            hente {A} opp av fryseren
            oppheve frysen av {A}
            åpne for kontakt med {C} igjen
            sette i gang igjen {A}"""
        ),
    },
    "nn": {
        "terminated": _lines(
            """seie opp {A}
            avslutte {A}
            avslutta {A}
            avvikle {A}
            kutte {A}
            skrote {A}
            oppheve {A}
            heve {A}
            bryte {A}
            leggje ned {A}
            setje strek for {A}
            setje sluttstrek for {A}
            setje punktum for {A}
            gjere slutt på {A}
            trekkje seg frå {A}
            trekkje seg ut av {A}
            gå ut av {A}
            skrinleggje {A}
            droppe {A}
            kvitte seg med {A}
            gravleggje {A}
            klippe {A}
            vrake {A}
            makulere {A}
            rive sund {A}
            kansellere {A}
            kaste {A} på skraphaugen
            leggje {A} død
            ta farvel med {C}
            bryte med {C}
            slå opp med {C}
            gjere det slutt med {C}
            kutte ut {C}
            stryke {C} frå lista over venskapsbyar
            ta {C} av lista
            fjerne {C} som venskapsby
            droppe {C} som partnar
            la {A} ta slutt
            avslutte {A} med ein gong
            seie opp {A} formelt
            fase ut {A}
            ikkje lenger vere venskapsby med {C}"""
        ),
        "frozen": _lines(
            """fryse {A}
            fryse ned {A}
            leggje {A} på is
            setje {A} på vent
            setje {A} på pause
            stille {A} i bero
            la {A} liggje i bero
            suspendere {A}
            stanse {A} mellombels
            parkere {A} inntil vidare
            leggje {A} i dvale
            la {A} kvile til krigen er over
            stogge all kontakt med {C} inntil vidare
            ta ein pause i {A}
            leggje {A} på hylla inntil vidare
            halde {A} frose"""
        ),
        "signed": _lines(
            """inngå venskapsavtale med {C}
            inngå ein samarbeidsavtale med {C}
            bli venskapsby med {C}
            verte venskapskommune med {C}
            signere ein avtale med {C}
            underteikne ein venskapsavtale med {C}
            skrive under på ein intensjonsavtale med {C}
            opprette eit venskapssamarbeid med {C}
            etablere eit partnarskap med {C}
            knyte venskapsband til {C}
            starte eit formelt samarbeid med {C}
            gå inn i eit partnarskap med {C}
            velje {C} som venskapsby
            ta {C} som venskapsby
            få {C} som ny venskapsby
            opprette venskap med {C}"""
        ),
        "renewed": _lines(
            """fornye {A}
            forlengje {A}
            forlengje {A} med fire nye år
            vidareføre {A} i ein ny periode
            skrive under ein fornya avtale med {C}
            revidere og fornye {A}
            blåse nytt liv i {A} med ein fornya avtale"""
        ),
        "resumed": _lines(
            """ta opp att {A}
            ta oppatt {A}
            tine {A}
            vekkje {A} til live att
            gjenopplive {A}
            gjenopprette {A}
            hente {A} opp av frysaren
            oppheve frysen av {A}
            opne for kontakt med {C} att
            setje i gang att {A}"""
        ),
    },
}

# Frames around an infinitive phrase {V}. What the frame does to the action is its name.
FRAMES = {
    "nb": {
        "decided": _lines(
            """{B} i {K} vedtok {T} å {V}.
            {B} i {K} har vedtatt å {V}.
            {B} gikk {T} inn for å {V}, og dermed er saken avgjort.
            {K} kommune har bestemt seg for å {V}.
            Et enstemmig {b} i {K} besluttet {T} å {V}.
            Med 19 mot 14 stemmer vedtok {B} å {V}.
            Vedtaket om å {V} ble gjort i {b} {T}.
            {T} sa {B} ja til å {V}.
            Flertallet i {b} stemte {T} for å {V}.
            {K} valgte {T} å {V}.
            Etter en lang debatt ble det {T} flertall for å {V}.
            Det ble til slutt vedtatt å {V}.
            Alle unntatt to stemte for å {V}.
            {P} fikk {T} med seg {B} på å {V}.
            {P} sitt forslag om å {V} fikk flertall {T}.
            Forslaget om å {V} ble vedtatt mot fire stemmer.
            {B} sluttet seg til innstillingen om å {V}.
            Kommunen bestemte alt i {T} at den ville {V}, og slik ble det.
            – Vi har nå valgt å {V}, sier {P}."""
        ),
        "proposed": _lines(
            """{P} foreslår at {K} skal {V}.
            {P} vil {V}.
            {P} mener at {K} bør {V}.
            {P} tar til orde for å {V}.
            {P} krever at kommunen må {V}.
            {P} ber {B} om å {V}.
            Kommunedirektøren anbefaler {B} å {V}.
            Rådmannen innstiller på å {V}.
            {P} har levert en interpellasjon om å {V}.
            {P} har fremmet forslag om å {V}, og saken skal opp {T}.
            Det er på tide å {V}.
            Jeg oppfordrer {K} til å {V}.
            {K} må {V}, og det straks.
            {K} bør {V} nå.
            Hvorfor kan ikke {K} bare {V}?
            Formannskapet innstiller til {b} på å {V}.
            {P} ønsker å {V}.
            – Vi bør {V}, sier {P}.
            {P} håper {B} vil {V}.
            Kommunen vurderer å {V}.
            {K} vurderer nå om den skal {V}.
            I et brev til ordføreren ber {P} om at {K} må {V}.
            {P} lover å {V} hvis velgerne gir partiet makt.
            Et innbyggerforslag går ut på å {V}.
            {P} går inn for å {V} når saken kommer til {b}."""
        ),
        "rejected": _lines(
            """Forslaget om å {V} falt.
            Forslaget om å {V} ble nedstemt i {b} {T}.
            {B} sa {T} nei til å {V}.
            {B} i {K} vil ikke {V}.
            {P} nekter å {V}.
            {P} avviser å {V}.
            {K} kommer ikke til å {V}, sier ordføreren.
            Det ble ikke flertall for å {V}.
            Bare fem representanter stemte for å {V}.
            {B} vedtok {T} å ikke {V}.
            {P} fikk ikke med seg {B} på å {V}.
            Flertallet stemte mot å {V}.
            {P} sitt forslag om å {V} fikk bare tre stemmer.
            Ordfører {P} avslår kravet om å {V}.
            Med stort flertall avviste {B} {T} et forslag om å {V}.
            – Å {V} er uaktuelt, sier ordføreren.
            Ordføreren ser ingen grunn til å {V}.
            Da det kom til votering, stemte 22 av 27 mot å {V}.
            {B} valgte å beholde partneren heller enn å {V}."""
        ),
        "nothing": _lines(
            """Saken om å {V} er utsatt til høsten.
            {B} utsatte {T} spørsmålet om å {V}.
            {B} skal {T} avgjøre om kommunen skal {V}.
            Dersom krigen varer, kan det bli aktuelt å {V}.
            Hvis {k} hadde valgt å {V}, ville saken vært en annen.
            Det er ikke tatt stilling til om {K} skal {V}.
            Ryktet om at {K} har bestemt seg for å {V}, stemmer ikke.
            – Vi har aldri snakket om å {V}, sier {P}.
            Ingen har foreslått å {V}.
            Bør {K} {V}? Det spør avisa leserne om.
            Påstanden om at kommunen vedtok å {V}, er feil.
            Hva ville skje om {K} valgte å {V}?
            Saken om å {V} ble trukket fra sakskartet.
            Spørsmålet om å {V} ble sendt tilbake til administrasjonen.
            {P} vil verken {V} eller det motsatte før saken er utredet."""
        ),
        "elsewhere": _lines(
            """I {k} har {B} vedtatt å {V}.
            {k} valgte {T} å {V}.
            Nabokommunen {k} har allerede bestemt seg for å {V}.
            {P} i {k} foreslår å {V}."""
        ),
    },
    "nn": {
        "decided": _lines(
            """{B} i {K} vedtok {T} å {V}.
            {B} i {K} har vedteke å {V}.
            {B} gjekk {T} inn for å {V}, og dermed er saka avgjord.
            {K} kommune har bestemt seg for å {V}.
            Eit samrøystes {b} i {K} avgjorde {T} å {V}.
            Med 19 mot 14 røyster vedtok {B} å {V}.
            Vedtaket om å {V} vart gjort i {b} {T}.
            {T} sa {B} ja til å {V}.
            Fleirtalet i {b} røysta {T} for å {V}.
            {K} valde {T} å {V}.
            Etter ein lang debatt vart det {T} fleirtal for å {V}.
            Det blei til slutt vedteke å {V}.
            Alle unnateke to røysta for å {V}.
            {P} fekk {T} med seg {B} på å {V}.
            Framlegget om å {V} fekk fleirtal {T}.
            Forslaget om å {V} vart vedteke mot fire røyster.
            {B} slutta seg til innstillinga om å {V}.
            – Vi har no valt å {V}, seier {P}."""
        ),
        "proposed": _lines(
            """{P} gjer framlegg om at {K} skal {V}.
            {P} føreslår at {K} skal {V}.
            {P} vil {V}.
            {P} meiner at {K} bør {V}.
            {P} tek til orde for å {V}.
            {P} krev at kommunen må {V}.
            {P} bed {B} om å {V}.
            Kommunedirektøren rår {B} til å {V}.
            Rådmannen tilrår å {V}.
            {P} har levert ein interpellasjon om å {V}.
            {P} har fremja forslag om å {V}, og saka skal opp {T}.
            Det er på tide å {V}.
            Eg oppmodar {K} om å {V}.
            {K} må {V}, og det straks.
            {K} bør {V} no.
            Kvifor kan ikkje {K} berre {V}?
            Formannskapet rår {b} til å {V}.
            {P} ønskjer å {V}.
            – Vi bør {V}, seier {P}.
            {P} vonar {B} vil {V}.
            Kommunen vurderer å {V}.
            {K} vurderer no om ho skal {V}.
            I eit brev til ordføraren bed {P} om at {K} må {V}.
            {P} lovar å {V} om veljarane gir partiet makt.
            Eit innbyggjarframlegg går ut på å {V}.
            {P} går inn for å {V} når saka kjem til {b}."""
        ),
        "rejected": _lines(
            """Framlegget om å {V} fall.
            Forslaget om å {V} vart røysta ned i {b} {T}.
            {B} sa {T} nei til å {V}.
            {B} i {K} vil ikkje {V}.
            {P} nektar å {V}.
            {P} avviser å {V}.
            {K} kjem ikkje til å {V}, seier ordføraren.
            Det vart ikkje fleirtal for å {V}.
            Berre fem representantar røysta for å {V}.
            {B} vedtok {T} å ikkje {V}.
            {P} fekk ikkje med seg {B} på å {V}.
            Fleirtalet røysta imot å {V}.
            Framlegget frå {P} om å {V} fekk berre tre røyster.
            Ordførar {P} avslår kravet om å {V}.
            Med stort fleirtal avviste {B} {T} eit framlegg om å {V}.
            – Å {V} er uaktuelt, seier ordføraren.
            Ordføraren ser ingen grunn til å {V}.
            Då det kom til røysting, gjekk 22 av 27 imot å {V}.
            {B} valde å halde på partnaren heller enn å {V}."""
        ),
        "nothing": _lines(
            """Saka om å {V} er utsett til hausten.
            {B} utsette {T} spørsmålet om å {V}.
            {B} skal {T} avgjere om kommunen skal {V}.
            Dersom krigen varer, kan det bli aktuelt å {V}.
            Om {k} hadde valt å {V}, ville saka vore ei anna.
            Det er ikkje teke stilling til om {K} skal {V}.
            Ryktet om at {K} har bestemt seg for å {V}, stemmer ikkje.
            – Vi har aldri snakka om å {V}, seier {P}.
            Ingen har føreslått å {V}.
            Bør {K} {V}? Det spør avisa lesarane om.
            Påstanden om at kommunen vedtok å {V}, er feil.
            Kva ville skje om {K} valde å {V}?
            Saka om å {V} vart trekt frå sakskartet.
            Spørsmålet om å {V} vart sendt attende til administrasjonen.
            {P} vil korkje {V} eller det motsette før saka er greidd ut."""
        ),
        "elsewhere": _lines(
            """I {k} har {B} vedteke å {V}.
            {k} valde {T} å {V}.
            Nabokommunen {k} har alt bestemt seg for å {V}.
            {P} i {k} føreslår å {V}."""
        ),
    },
}

# Whole sentences that say an action by themselves.
SAYINGS = {
    "nb": {
        "terminated": _lines(
            """{K} avslutter {A}.
            {K} har sagt opp {A}.
            {K} sa opp {A} {T}.
            {A} er sagt opp.
            {A} er avsluttet.
            {A} ble avsluttet {T}.
            {A} ble avviklet {T}.
            {A} er dermed historie.
            {A} er nå over.
            Det er slutt mellom {K} og {C}.
            Nå er det definitivt slutt på {A}.
            {K} kutter {A}.
            {K} har kuttet {A}.
            {K} trakk seg fra {A} {T}.
            {C} sa opp {A} {T}.
            {C} trakk seg {T}, og siden har {K} vært uten partner der.
            {K} og {C} er ikke lenger vennskapsbyer.
            {A} opphører med virkning fra {T}.
            {A} opphørte {T}.
            Oppsigelsen av {A} ble sendt {T}.
            {A} døde ut for noen år siden, og {K} strøk byen fra lista.
            {A} gikk i graven {T} etter vedtak i {b}.
            {K} kvittet seg med {A} {T}.
            Brevet der {K} sier opp {A}, er sendt.
            {C} står ikke lenger på lista over byene {K} er venn med, etter et vedtak {T}.
            Dermed ryker {A}.
            {K} brøt {A} {T}.
            {A} ble skrotet {T}.
            {T} falt øksa over {A}.
            {K} satte {T} strek for {A}.
            {A} ble formelt opphevet {T}.
            Skiltet med {C} er tatt ned etter at {B} avsluttet vennskapet.
            Etter vedtaket {T} finnes det ikke lenger noen avtale mellom {K} og {C}.
            {K} slo hånden av {C} {T}."""
        ),
        "frozen": _lines(
            """{A} er frosset.
            {A} er lagt på is.
            {A} ligger på is.
            {A} har ligget i dvale siden {T}.
            {A} ble frosset {T}.
            {A} er satt på vent.
            {A} er stilt i bero.
            {K} frøs {A} {T}.
            {K} fryser {A}.
            {K} har lagt {A} på is.
            {K} la {A} på is da krigen brøt ut.
            All kontakt med {C} er inntil videre innstilt.
            {A} er satt på pause inntil videre.
            Siden {T} har det ikke vært kontakt; {a} er frosset.
            {A} ligger nede på ubestemt tid.
            {A} er fortsatt i fryseboksen.
            {A} er suspendert.
            {A} er parkert inntil krigen er over.
            {A}, som ble frosset {T}, var oppe igjen i {b}.
            Fra før er {a} fryst."""
        ),
        "signed": _lines(
            """{K} og {C} er fra {T} vennskapsbyer.
            {K} og {C} ble vennskapsbyer {T}.
            {K} og {C} har vært vennskapsbyer siden {Y}.
            {A} ble inngått {Y}.
            {A} ble undertegnet {T}.
            {A} ble til i {Y}.
            {A} stammer fra {Y}.
            {A} kom i stand i {Y}.
            {A} er fra {Y}.
            {K} har siden {Y} vært knyttet til {C}.
            Siden {Y} har {K} og {C} vært venner.
            Ordførerne i {K} og {C} signerte {T} en vennskapsavtale.
            {K} har fått ny vennskapsby: {C}.
            {K} har signert avtale med {C}.
            {K} har inngått en intensjonsavtale med {C}.
            {T} satte ordførerne navnet sitt under avtalen mellom {K} og {C}.
            Signaturene er på plass, og {K} og {C} er partnere.
            {C} er blitt vennskapsby med {K}.
            Det hele begynte i {Y}, da {K} og {C} skrev under den første avtalen.
            Vennskapet mellom {K} og {C} ble beseglet {T}.
            {C} ble {K}s første vennskapsby i {Y}.
            Samarbeidet mellom {K} og {C} startet i {Y}.
            I {Y} tok kommunen initiativ, og samme år var vennskapet med {C} et faktum.
            {K} har skrevet under en samarbeidsavtale med {C}."""
        ),
        "renewed": _lines(
            """{A} ble fornyet {T}.
            {K} og {C} har fornyet vennskapsavtalen.
            {K} og {C} forlenget {T} avtalen med fire år.
            {A} er forlenget ut {Y}.
            Ordførerne undertegnet {T} en fornyet avtale mellom {K} og {C}.
            {K} og {C} viderefører samarbeidet i en ny avtale som ble signert {T}.
            {T} skrev partene under på å fortsette {A}.
            Avtalen mellom {K} og {C} er reforhandlet og signert på nytt."""
        ),
        "resumed": _lines(
            """{K} har gjenopptatt {A}.
            {A} er gjenopptatt.
            {A} ble tatt opp igjen {T}.
            {A} er tint opp.
            Etter to års stans er {a} i gang igjen.
            {A} våknet til liv igjen {T}.
            Nå er frysen opphevet, og {K} og {C} samarbeider som før."""
        ),
        "proposed_signing": _lines(
            """{K} vil bli vennskapsby med {C}.
            {K} ønsker seg {C} som vennskapsby.
            {C} har invitert {K} til å bli vennskapsby.
            {C} har spurt {K} om et vennskapsbysamarbeid.
            {K} har fått en henvendelse fra {C} om vennskap.
            Ordføreren har fått fullmakt til å forhandle fram en avtale med {C}.
            {P} ønsker vennskapsavtale mellom {K} og {C}.
            {P} foreslår {C} som ny vennskapsby for {K}.
            {K} er i samtaler med {C} om et mulig partnerskap.
            {P} mener {K} burde få seg en vennskapsby, og peker på {C}.
            {K} planlegger å signere en avtale med {C} til høsten.
            {K} utreder et samarbeid med {C}.
            Nå frir {K} til {C}.
            {P} vil ha vennskap mellom {K} og {C}.
            {B} ba {T} administrasjonen legge fram en sak om vennskap med {C}."""
        ),
        "proposed_termination": _lines(
            """{P} krever slutt på {A}.
            {P} vil ha slutt på {A}.
            Tida er inne for å kutte {A}.
            Kravet om å si opp {A} kommer fra {P}.
            Avslutt {A} nå!
            Kutt båndene til {C}!
            {P} mener {A} bør opphøre.
            {A} må ta slutt, skriver {P}.
            {P} ser helst at {A} blir borte.
            {A} bør skrotes, mener {P}.
            {A} bør sies opp.
            Kommunedirektøren foreslår å avvikle {A} for å spare penger.
            {P} stiller spørsmål ved {A} og vil ha den avsluttet.
            Det er flertall for å avslutte {A} når saken kommer opp {T}.
            {P} varsler at partiet vil stemme for å si opp {A}.
            Er det ikke på tide å si takk for seg til {C}?"""
        ),
        "rejected_termination": _lines(
            """{K} beholder {A}.
            {K} holder fast ved {A}.
            {A} består.
            {A} blir stående, vedtok {B} {T}.
            {B} i {K} vil beholde {A}.
            {A} overlevde avstemningen {T}.
            {B} gjennomgikk {A} {T}, men valgte å fortsette.
            {P} sitt forslag om å kutte båndene fikk ikke flertall, og {a} består.
            Ordføreren avviser kravet om å bryte med {C}.
            Et forslag om å si opp {A} falt med 12 mot 15 stemmer.
            {K} står ved {A} tross krav om brudd.
            Krav om å skrote {A} vant ikke fram.
            Nei til brudd med {C}, sa {B} {T}."""
        ),
        "aid": _lines(
            """{K} har sendt {G} til {C}.
            {K} sender {G} til {C}.
            {G} fra {K} kom fram til {C} {T}.
            {B} i {K} bevilget {T} 500.000 kroner til {C}.
            {K} har gitt {G} til {C}.
            Innbyggerne i {K} har samlet inn {G} til {C}.
            {K} kommune donerte {G} til vennskapsbyen {C}.
            {T} ble {G} lastet opp i {K} og kjørt til {C}.
            {C} har fått {G} fra {K}.
            Pengene fra {K} går til skoler i {C}.
            En lastebil med {G} er på vei fra {K} til {C}.
            {K} støtter {C} med {G}.
            Ordføreren i {C} takker {K} for {G}.
            {C} sendte {G} til {K} etter flommen {T}.
            {G} er overlevert {C} som gave fra {K}."""
        ),
        "visit": _lines(
            """En delegasjon fra {C} besøkte {K} {T}.
            En delegasjon fra {K} er på besøk i {C}.
            Ordføreren i {K} reiste {T} til {C}.
            {T} kom gjester fra {C} til {K}.
            Ordføreren i {C} var i {K} {T}.
            {K} fikk {T} besøk fra {C}.
            {K} tok {T} imot 20 gjester fra {C}.
            Et kor fra {C} gjestet {K} {T}.
            Varaordføreren i {K} drar til {C} {T}.
            {T} venter {K} en delegasjon fra {C}.
            Skolekorpset i {K} var {T} på tur til vennskapsbyen {C}.
            Formannskapet i {K} har vært på studietur i {C}.
            Ungdommer fra {C} er i {K} denne uka.
            Borgermesteren i {C} ble vist rundt i {K} {T}.
            Fem politikere fra {K} er nettopp kommet hjem fra {C}.
            En gruppe fra {K} deltok {T} på byjubileet i {C}."""
        ),
        "mentioned": _lines(
            """{K} har vennskap med {C}.
            {C} er en av vennskapsbyene til {K}.
            {K} og {C} er vennskapsbyer.
            {C} er vennskapsbyen til {K}.
            {K}s vennskapskommune er {C}.
            {K} og {C} samarbeider om kultur og idrett.
            Vennskapsforeningen {K}–{C} holder årsmøte {T}.
            {K} er knyttet til {C} gjennom en vennskapsavtale.
            Hvert år reiser skoleklasser mellom {K} og {C}.
            Avtalen mellom {K} og {C} gjelder fortsatt.
            Vennskapsbyen {C} ligger ved ei elv.
            {K} har flere venner, blant dem {C}.
            I over tretti år har {K} og {C} vært venner.
            Planlagte besøk i {C} er avlyst.
            Turen til vennskapsbyen {C} ble avlyst {T}."""
        ),
        "none": _lines(
            """En mann fra {K} er dømt i {C}.
            Fotballaget fra {K} spilte mot et lag i {C} {T}.
            Toget mellom {C} og hovedstaden var forsinket.
            {P} fra {K} studerer i {C}.
            En bedrift i {K} har inngått en avtale med et firma i {C}.
            Flyet fra {C} landet i {K} {T}.
            {C} ble rammet av et droneangrep {T}.
            Elever fra en videregående skole i {K} er på utveksling i {C}.
            {X} ligger like langt fra {K} som fra {C}.
            {k} og {C} er vennskapsbyer.
            Flyktninger fra {C} har funnet seg til rette i {K}.
            Kraftavtalen mellom et selskap i {K} og et i {C} er sagt opp."""
        ),
    },
    "nn": {
        "terminated": _lines(
            """{K} avsluttar {A}.
            {K} har sagt opp {A}.
            {K} sa opp {A} {T}.
            {A} er sagd opp.
            {A} er oppsagd.
            {A} er avslutta.
            {A} vart avslutta {T}.
            {A} blei avvikla {T}.
            {A} er dermed historie.
            {A} er no over.
            Det er slutt mellom {K} og {C}.
            No er det slutt på {A} for godt.
            {K} kuttar {A}.
            {K} har kutta {A}.
            {K} trekte seg frå {A} {T}.
            {K} drog seg ut av {A} {T}.
            {C} sa opp {A} {T}.
            {C} trekte seg {T}, og sidan har {K} vore utan partnar der.
            {K} og {C} er ikkje lenger venskapsbyar.
            {A} tek slutt frå {T}.
            {A} tok slutt {T}.
            Oppseiinga av {A} vart send {T}.
            {A} gjekk i grava {T} etter vedtak i {b}.
            {K} kvitta seg med {A} {T}.
            Brevet der {K} seier opp {A}, er sendt.
            {C} står ikkje lenger på lista over byane {K} er ven med, etter eit vedtak {T}.
            Dermed ryk {A}.
            {K} braut {A} {T}.
            {A} vart skrota {T}.
            {T} fall øksa over {A}.
            {K} sette {T} strek for {A}.
            {A} vart formelt oppheva {T}.
            Skiltet med {C} er teke ned etter at {B} avslutta venskapen.
            Etter vedtaket {T} finst det ikkje lenger nokon avtale mellom {K} og {C}."""
        ),
        "frozen": _lines(
            """{A} er frose.
            {A} er frosen.
            {A} er lagd på is.
            {A} ligg på is.
            {A} har lege i dvale sidan {T}.
            {A} vart frose {T}.
            {A} er sett på vent.
            {A} er stilt i bero.
            {K} fraus {A} {T}.
            {K} frys {A}.
            {K} har lagt {A} på is.
            {K} la {A} på is då krigen braut ut.
            All kontakt med {C} er inntil vidare innstilt.
            {A} er sett på pause inntil vidare.
            Sidan {T} har det ikkje vore kontakt; {a} er frose.
            {A} ligg nede på ubestemt tid.
            {A} er framleis i fryseboksen.
            {A} er suspendert.
            {A} er parkert til krigen er over.
            {A}, som vart frose {T}, var oppe att i {b}.
            Frå før er {a} fryst."""
        ),
        "signed": _lines(
            """{K} og {C} er frå {T} venskapsbyar.
            {K} og {C} vart venskapsbyar {T}.
            {K} og {C} har vore vennskapsbyar sidan {Y}.
            {A} vart inngått {Y}.
            {A} vart underteikna {T}.
            {A} vart til i {Y}.
            {A} skriv seg frå {Y}.
            {A} kom i stand i {Y}.
            {A} er frå {Y}.
            {K} har sidan {Y} vore knytt til {C}.
            Sidan {Y} har {K} og {C} vore vener.
            Ordførarane i {K} og {C} signerte {T} ein venskapsavtale.
            {K} har fått ny venskapsby: {C}.
            {K} har signert avtale med {C}.
            {K} har inngått ein intensjonsavtale med {C}.
            {T} sette ordførarane namnet sitt under avtalen mellom {K} og {C}.
            Signaturane er på plass, og {K} og {C} er partnarar.
            {C} er blitt venskapsby med {K}.
            Det heile tok til i {Y}, då {K} og {C} skreiv under den første avtalen.
            Venskapen mellom {K} og {C} vart innsegla {T}.
            {C} vart den første venskapsbyen til {K} i {Y}.
            Samarbeidet mellom {K} og {C} byrja i {Y}.
            {K} har skrive under ein samarbeidsavtale med {C}."""
        ),
        "renewed": _lines(
            """{A} vart fornya {T}.
            {K} og {C} har fornya venskapsavtalen.
            {K} og {C} forlengde {T} avtalen med fire år.
            {A} er forlengd ut {Y}.
            Ordførarane underteikna {T} ein fornya avtale mellom {K} og {C}.
            {K} og {C} vidarefører samarbeidet i ein ny avtale som vart signert {T}.
            Avtalen mellom {K} og {C} er reforhandla og signert på nytt."""
        ),
        "resumed": _lines(
            """{K} har teke opp att {A}.
            {A} er teke opp att.
            {A} vart teke opp att {T}.
            {A} er tint opp.
            Etter to års stans er {a} i gang att.
            {A} vakna til liv att {T}.
            No er frysen oppheva, og {K} og {C} samarbeider som før."""
        ),
        "proposed_signing": _lines(
            """{K} vil bli venskapsby med {C}.
            {K} ønskjer seg {C} som venskapsby.
            {C} har invitert {K} til å bli venskapsby.
            {C} har spurt {K} om eit venskapsbysamarbeid.
            {K} har fått ein førespurnad frå {C} om venskap.
            Ordføraren har fått fullmakt til å forhandle fram ein avtale med {C}.
            {P} ønskjer venskapsavtale mellom {K} og {C}.
            {P} føreslår {C} som ny venskapsby for {K}.
            {K} er i samtalar med {C} om eit mogleg partnarskap.
            {P} meiner {K} burde få seg ein venskapsby, og peikar på {C}.
            {K} planlegg å signere ein avtale med {C} til hausten.
            {K} greier ut eit samarbeid med {C}.
            No friar {K} til {C}.
            {P} vil ha venskap mellom {K} og {C}.
            {B} bad {T} administrasjonen leggje fram ei sak om venskap med {C}."""
        ),
        "proposed_termination": _lines(
            """{P} krev slutt på {A}.
            {P} vil ha slutt på {A}.
            Tida er inne for å kutte {A}.
            Kravet om å seie opp {A} kjem frå {P}.
            Avslutt {A} no!
            Kutt banda til {C}!
            {P} meiner {A} bør ta slutt.
            {A} må ta slutt, skriv {P}.
            {P} ser helst at {A} blir borte.
            {A} bør skrotast, meiner {P}.
            {A} bør seiast opp.
            Kommunedirektøren føreslår å avvikle {A} for å spare pengar.
            Det er fleirtal for å avslutte {A} når saka kjem opp {T}.
            {P} varslar at partiet vil røyste for å seie opp {A}.
            Er det ikkje på tide å seie takk for seg til {C}?"""
        ),
        "rejected_termination": _lines(
            """{K} held på {A}.
            {K} held fast ved {A}.
            {A} står ved lag.
            {A} blir ståande, vedtok {B} {T}.
            {B} i {K} vil behalde {A}.
            {A} overlevde røystinga {T}.
            {B} gjekk gjennom {A} {T}, men valde å halde fram.
            Framlegget frå {P} om å kutte banda fekk ikkje fleirtal, og {a} står.
            Ordføraren avviser kravet om å bryte med {C}.
            Eit framlegg om å seie opp {A} fall med 12 mot 15 røyster.
            {K} står ved {A} trass krav om brot.
            Krav om å skrote {A} vann ikkje fram.
            Nei til brot med {C}, sa {B} {T}."""
        ),
        "aid": _lines(
            """{K} har sendt {G} til {C}.
            {K} sender {G} til {C}.
            {G} frå {K} kom fram til {C} {T}.
            {B} i {K} løyvde {T} 500.000 kroner til {C}.
            {K} har gjeve {G} til {C}.
            Innbyggjarane i {K} har samla inn {G} til {C}.
            {K} kommune gav {G} til venskapsbyen {C}.
            {T} vart {G} lasta opp i {K} og køyrt til {C}.
            {C} har fått {G} frå {K}.
            Pengane frå {K} går til skular i {C}.
            Ein lastebil med {G} er på veg frå {K} til {C}.
            {K} støttar {C} med {G}.
            Ordføraren i {C} takkar {K} for {G}.
            {C} sende {G} til {K} etter flaumen {T}."""
        ),
        "visit": _lines(
            """Ein delegasjon frå {C} vitja {K} {T}.
            Ein delegasjon frå {K} er på vitjing i {C}.
            Ordføraren i {K} reiste {T} til {C}.
            {T} kom gjester frå {C} til {K}.
            Ordføraren i {C} var i {K} {T}.
            {K} fekk {T} besøk frå {C}.
            {K} tok {T} imot 20 gjester frå {C}.
            Eit kor frå {C} gjesta {K} {T}.
            Varaordføraren i {K} dreg til {C} {T}.
            {T} ventar {K} ein delegasjon frå {C}.
            Skulekorpset i {K} var {T} på tur til venskapsbyen {C}.
            Formannskapet i {K} har vore på studietur i {C}.
            Ungdomar frå {C} er i {K} denne veka.
            Borgarmeisteren i {C} vart vist rundt i {K} {T}.
            Fem politikarar frå {K} er nett komne heim frå {C}."""
        ),
        "mentioned": _lines(
            """{K} har venskap med {C}.
            {C} er ein av venskapsbyane til {K}.
            {K} og {C} er vennskapsbyar.
            {C} er venskapsbyen til {K}.
            Venskapskommunen til {K} er {C}.
            {K} og {C} samarbeider om kultur og idrett.
            Venskapsforeininga {K}–{C} held årsmøte {T}.
            {K} er knytt til {C} gjennom ein venskapsavtale.
            Kvart år reiser skuleklassar mellom {K} og {C}.
            Avtalen mellom {K} og {C} gjeld framleis.
            Venskapsbyen {C} ligg ved ei elv.
            {K} har fleire vener, mellom dei {C}.
            I over tretti år har {K} og {C} vore vener.
            Turen til venskapsbyen {C} vart avlyst {T}."""
        ),
        "none": _lines(
            """Ein mann frå {K} er dømd i {C}.
            Fotballaget frå {K} spelte mot eit lag i {C} {T}.
            {P} frå {K} studerer i {C}.
            Ei bedrift i {K} har inngått ein avtale med eit firma i {C}.
            Flyet frå {C} landa i {K} {T}.
            {C} vart råka av eit droneåtak {T}.
            Elevar frå ein vidaregåande skule i {K} er på utveksling i {C}.
            {X} ligg like langt frå {K} som frå {C}.
            {k} og {C} er venskapsbyar.
            Flyktningar frå {C} har funne seg til rette i {K}.
            Kraftavtalen mellom eit selskap i {K} og eit i {C} er sagd opp."""
        ),
    },
}

# Two cities of one kommune with different fates: which label goes to {C} and which to {c}.
FATES = {
    "nb": (
        ("{K} sier opp avtalen med {C}, men beholder {c}.", "terminated", "rejected_termination"),
        ("Mens avtalen med {c} fortsetter, er det slutt med {C}.", "terminated", ""),
        ("{C} er lagt på is, mens samarbeidet med {c} er avsluttet.", "frozen", "terminated"),
        ("Avtalen med {C} er frosset. Den med {c} ble sagt opp {T}.", "frozen", "terminated"),
        ("{K} avsluttet {T} vennskapet med {C} og signerte samtidig en avtale med {c}.", "terminated", "signed"),
        ("I stedet for {C}, som {K} brøt med {T}, vil {P} ha {c} som vennskapsby.", "terminated", "proposed_signing"),
        ("{P} vil kutte {C}, men lar {c} være i fred.", "proposed_termination", ""),
        ("{B} avviste å si opp {C}, men avsluttet {c}.", "rejected_termination", "terminated"),
        ("{K} er vennskapsby med {c}, og har nå også inngått avtale med {C}.", "signed", ""),
        ("Avtalene med {C} og {c} er sagt opp.", "terminated", "terminated"),
        ("{C} og {c} er begge satt på vent.", "frozen", "frozen"),
        ("Fra {C} kom det en delegasjon {T}, mens {c} måtte melde avbud.", "visit", ""),
        ("{K} har sendt {G} til {C}. {c} har ikke bedt om noe.", "aid", ""),
        ("Med {C} går det mot brudd, foreslår {P}, men {c} får bli.", "proposed_termination", ""),
        ("{K} har siden {Y} vært venn med {C} og har flere, blant dem {c}.", "signed", ""),
    ),
    "nn": (
        ("{K} seier opp avtalen med {C}, men held på {c}.", "terminated", "rejected_termination"),
        ("Medan avtalen med {c} held fram, er det slutt med {C}.", "terminated", ""),
        ("{C} er lagd på is, medan samarbeidet med {c} er avslutta.", "frozen", "terminated"),
        ("Avtalen med {C} er frosen. Den med {c} vart sagd opp {T}.", "frozen", "terminated"),
        ("{K} avslutta {T} venskapen med {C} og signerte samstundes ein avtale med {c}.", "terminated", "signed"),
        ("I staden for {C}, som {K} braut med {T}, vil {P} ha {c} som venskapsby.", "terminated", "proposed_signing"),
        ("{P} vil kutte {C}, men lèt {c} vere i fred.", "proposed_termination", ""),
        ("{B} avviste å seie opp {C}, men avslutta {c}.", "rejected_termination", "terminated"),
        ("{K} er venskapsby med {c}, og har no òg inngått avtale med {C}.", "signed", ""),
        ("Avtalane med {C} og {c} er sagde opp.", "terminated", "terminated"),
        ("{C} og {c} er begge sette på vent.", "frozen", "frozen"),
        ("Frå {C} kom det ein delegasjon {T}, medan {c} måtte melde avbod.", "visit", ""),
        ("{K} har sendt {G} til {C}. {c} har ikkje bede om noko.", "aid", ""),
        ("Med {C} går det mot brot, føreslår {P}, men {c} får bli.", "proposed_termination", ""),
        ("{K} har sidan {Y} vore ven med {C} og har fleire, mellom dei {c}.", "signed", ""),
    ),
}

# Sentences beside the matter.
FILL = {
    "nb": _lines(
        """Debatten varte i over en time.
        – Dette har vært en vanskelig sak, sier ordføreren.
        Saken har vakt stort engasjement i lokalsamfunnet.
        Krigen i Ukraina har endret mye for folk her.
        Byen har om lag 30.000 innbyggere.
        Kommunen har brukt 200.000 kroner på internasjonalt arbeid de siste årene.
        {P} stemte imot.
        Det var god stemning i salen.
        Kontakten har vært størst innen kultur og idrett.
        Barn og unge har hatt stor glede av utvekslingen.
        Folk til folk-samarbeidet er en annen sak, understreker ordføreren.
        Administrasjonen får ansvaret for det praktiske.
        Utenriksdepartementet sier at kommunene avgjør dette selv.
        I {k} har de en lignende ordning med {c}.
        Ordføreren takker alle som har bidratt.
        {P} mener dette er ren symbolpolitikk.
        Saken var oppe første gang i fjor.
        Avstanden gjør det dyrt å reise.
        Også {k} har hatt saken oppe.
        Skolen i bygda har fått nytt tak.
        Kommunestyret behandlet også budsjettet.
        Hvem som skal ta regningen, er uklart.
        Det bor mange med bakgrunn derfra i kommunen.
        Festivalen går av stabelen i juni."""
    ),
    "nn": _lines(
        """Debatten varte i over ein time.
        – Dette har vore ei vanskeleg sak, seier ordføraren.
        Saka har vekt stort engasjement i lokalsamfunnet.
        Krigen i Ukraina har endra mykje for folk her.
        Byen har om lag 30.000 innbyggjarar.
        Kommunen har brukt 200.000 kroner på internasjonalt arbeid dei siste åra.
        {P} røysta imot.
        Det var god stemning i salen.
        Kontakten har vore størst innan kultur og idrett.
        Born og unge har hatt stor glede av utvekslinga.
        Folk til folk-samarbeidet er ei anna sak, strekar ordføraren under.
        Administrasjonen får ansvaret for det praktiske.
        Utanriksdepartementet seier at kommunane avgjer dette sjølve.
        I {k} har dei ei liknande ordning med {c}.
        Ordføraren takkar alle som har hjelpt til.
        {P} meiner dette er rein symbolpolitikk.
        Saka var oppe første gong i fjor.
        Avstanden gjer det dyrt å reise.
        Også {k} har hatt saka oppe.
        Skulen i bygda har fått nytt tak.
        Kommunestyret handsama òg budsjettet.
        Kven som skal ta rekninga, er uklart.
        Det bur mange med bakgrunn derifrå i kommunen."""
    ),
}

INTROS = {
    "nb": _lines(
        """{K} og {C} er vennskapsbyer.
        {K} har vennskapsavtale med {C}.
        {C} er vennskapsbyen til {K}.
        {K} har lenge samarbeidet med {C}.
        Vennskapet mellom {K} og {C} er igjen tema.
        Forholdet mellom {K} og vennskapsbyen {C} ble diskutert {T}.
        {P} skriver om {K} og {C}."""
    ),
    "nn": _lines(
        """{K} og {C} er venskapsbyar.
        {K} har venskapsavtale med {C}.
        {C} er venskapsbyen til {K}.
        {K} har lenge samarbeidd med {C}.
        Venskapen mellom {K} og {C} er på nytt tema.
        Tilhøvet mellom {K} og venskapsbyen {C} vart drøfta {T}.
        {P} skriv om {K} og {C}."""
    ),
}

SLOTS = {
    "nb": {
        "T": _lines(
            """torsdag
            i går
            onsdag kveld
            26. oktober
            i mars 2022
            i fjor høst
            i november
            sist uke
            i 2023
            tidligere i år
            mandag
            24. november 2022
            i juni"""
        ),
        "B": _lines(
            """Kommunestyret
            Bystyret
            Formannskapet
            Et flertall i kommunestyret
            Politikerne"""
        ),
        "b": ("kommunestyret", "bystyret", "formannskapet", "kommunestyremøtet"),
        "P": _lines(
            """Høyre
            SV
            Rødt
            Ordføreren
            MDG-politiker Kari Moe
            Frp
            Arbeiderpartiet
            Gruppeleder Ola Berg (V)
            Venstre
            Debattanten
            Lederskribenten
            Varaordfører Siv Aas
            Opposisjonen"""
        ),
        "G": _lines(
            """to brannbiler
            ti aggregater
            en ambulanse
            klær og medisiner
            300.000 kroner
            sykehussenger
            et lass med vinterklær
            strømaggregater
            skolebusser
            nødhjelp
            brukte rullestoler"""
        ),
        "X": ("Fjellet", "Flyplassen", "Hytta", "Grensa", "Fergekaia"),
        "Y": ("1949", "1956", "1972", "1988", "1990", "1992", "2003", "2013", "1946", "1981"),
    },
    "nn": {
        "T": _lines(
            """torsdag
            i går
            onsdag kveld
            26. oktober
            i mars 2022
            i fjor haust
            i november
            sist veke
            i 2023
            tidlegare i år
            måndag
            24. november 2022
            i juni"""
        ),
        "B": _lines(
            """Kommunestyret
            Bystyret
            Heradsstyret
            Formannskapet
            Eit fleirtal i kommunestyret
            Politikarane"""
        ),
        "b": ("kommunestyret", "bystyret", "formannskapet", "heradsstyret"),
        "P": _lines(
            """Høgre
            SV
            Raudt
            Ordføraren
            MDG-politikar Kari Moe
            Frp
            Arbeidarpartiet
            Gruppeleiar Ola Berg (V)
            Venstre
            Senterpartiet
            Lesarbrevskrivaren
            Varaordførar Siv Aas
            Opposisjonen"""
        ),
        "G": _lines(
            """to brannbilar
            ti aggregat
            ein ambulanse
            klede og medisinar
            300.000 kroner
            sjukehussenger
            eit lass med vinterklede
            straumaggregat
            skulebussar
            naudhjelp
            brukte rullestolar"""
        ),
        "X": ("Fjellet", "Flyplassen", "Hytta", "Grensa", "Ferjekaia"),
        "Y": ("1949", "1956", "1972", "1988", "1990", "1992", "2003", "2013", "1946", "1981"),
    },
}
