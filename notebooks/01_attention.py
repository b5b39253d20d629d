# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1. Oppmerksomhet: hvor mye skrives det om vennskapsbyene?
#
# Hver celle åpner det publiserte datavarehuset selv. Etter en ny «bybaand build» holder det å kjøre cellen om igjen.
# Bytt ut `TIES` med de avtalene du spør om; `bybaand ties list` viser id-ene.

# %%
import os

import altair as alt

import warehouse

alt.renderers.enable("svg")  # tegnes her på maskinen, uten nett
alt.renderers.set_embed_options(format_locale="sv-SE", time_format_locale="nb-NO")  # tall som i Norden: 1 000,5
WAREHOUSE = os.environ.get("BYBAAND_WAREHOUSE", "data/bybaand.duckdb")
TIES = ["tromso–ru-murmansk", "sor-varanger–ru-petsjenga", "ovre-eiker–ua-balta"]
GRAIN = "month"  # eller "week": da blir det få saker i hver, og intervallene brede

# %% [markdown]
# ## Hvilke avtaler er det skrevet mest om?
#
# En *sak* er én tekst, uansett hvor mange aviser som trykker den. *Rekkevidde* er antall aviser i den uken som hadde
# flest. Bare uker med tall er med.

# %%
with warehouse.connect(WAREHOUSE) as con:
    most = con.sql("""
        select
            t.kommune_name || '–' || t.city_name as avtale,
            sum(w.news_stories) as nyheter,
            sum(w.opinion_stories) as meninger,
            sum(w.stories) as saker,
            max(w.reach) as rekkevidde
        from attention_weekly as w
        inner join ties as t on w.key = t.tie_id
        where w.level = 'tie' and w.reason is null
        group by all
        having saker > 0
        order by saker desc, avtale
        limit 15
    """).df()

(
    alt.Chart(most, title="Saker i alt, nyheter og meninger")
    .transform_fold(["nyheter", "meninger"], ["slag", "antall"])
    .mark_bar()
    .encode(
        x=alt.X("antall:Q", title="saker", axis=alt.Axis(tickMinStep=1)),
        y=alt.Y("avtale:N", sort=list(most["avtale"]), title=None),
        color=alt.Color(
            "slag:N", title=None, scale=alt.Scale(domain=["nyheter", "meninger"], range=["#0b5c8a", "#c77700"])
        ),
    )
    .properties(width=480)
)

# %% [markdown]
# ## Hvordan går det måned for måned, eller uke for uke?
#
# Streken er andelen av alle saker fra de samme kildene i den samme tiden. Feltet er et 95 %-intervall (Wilson). Grå tid
# har ikke noe tall: kildene var nede. Den er aldri null. `GRAIN = "week"` øverst viser uke for uke.

# %%
with warehouse.connect(WAREHOUSE) as con:
    course = con.sql(
        f"""
        select
            t.kommune_name || '–' || t.city_name as avtale,
            a.{GRAIN} as tid,
            a.{GRAIN}_start as start,
            a.{GRAIN}_start + interval 1 {GRAIN} as slutt,
            a.stories as saker,
            a.all_stories as alle_saker,
            100 * a.share as andel,
            100 * a.share_low as lav,
            100 * a.share_high as høy,
            a.reason as grunn
        from attention_{GRAIN}ly as a
        inner join ties as t on a.key = t.tie_id
        where a.level = 'tie' and a.key in (select unnest($ties))
        order by avtale, tid
        """,
        params={"ties": TIES},
    ).df()

base = alt.Chart(course).encode(x=alt.X("start:T", title=None), x2="slutt:T")
outages = base.transform_filter("datum.andel === null").mark_rect(color="#d9dee3")
band = base.mark_rect(color="#9cc4dc", opacity=0.6).encode(y=alt.Y("lav:Q", title="prosent av alle saker"), y2="høy:Q")
line = base.mark_rule(color="#0b5c8a", strokeWidth=2.5).encode(
    y="andel:Q", tooltip=["tid", "saker", "alle_saker", "andel", "lav", "høy", "grunn"]
)
alt.layer(outages, band, line).properties(width=560, height=110).facet(row=alt.Row("avtale:N", title=None))

# %% [markdown]
# ## Når skiftet nivået?
#
# `shifts` finner uker der antallet saker flyttet seg varig (PELT). Avtaler med under ti saker eller tjue friske
# uker er for få til å si noe, og mangler her.

# %%
with warehouse.connect(WAREHOUSE) as con:
    shifts = warehouse.shifts(con).df()
shifts

# %% [markdown]
# ## Hva tallet ikke sier
#
# - Bare avisene vi leser. En sak i en avis utenfor `bybaand sources list` finnes ikke her.
# - Av betalte artikler er bare tittel og ingress lest; en avtale som først nevnes under, telles ikke.
# - Under fem saker (`few`) er intervallet så bredt at andelen sier lite. Sammenlign ikke slike uker eller måneder.
# - `sources_changed` markerer at andre kilder var friske enn uken før. Da kan nivåene ikke sammenlignes.
# - Mye omtale er ikke støtte og ikke motstand. Se notatbok 4.
