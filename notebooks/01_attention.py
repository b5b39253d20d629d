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
# Bytt ut `TIES` med de forbindelsene du spør om; `bybaand ties list` viser id-ene.

# %%
import os

import altair as alt

import warehouse

alt.renderers.enable("svg")  # tegnes her på maskinen, uten nett
alt.renderers.set_embed_options(format_locale="sv-SE", time_format_locale="nb-NO")  # tall som i Norden: 1 000,5
WAREHOUSE = os.environ.get("BYBAAND_WAREHOUSE", "data/bybaand.duckdb")
TIES = ["tromso–ru-murmansk", "sor-varanger–ru-petsjenga", "ovre-eiker–ua-balta"]

# %% [markdown]
# ## Hvilke forbindelser er det skrevet mest om?
#
# En *sak* er én tekst, uansett hvor mange aviser som trykker den. *Rekkevidde* er antall aviser i den uken som hadde
# flest. Bare uker med tall er med.

# %%
with warehouse.connect(WAREHOUSE) as con:
    most = con.sql("""
        select
            t.kommune_name || '–' || t.city_name as forbindelse,
            sum(w.news_stories) as nyheter,
            sum(w.opinion_stories) as meninger,
            sum(w.stories) as saker,
            max(w.reach) as rekkevidde
        from attention_weekly as w
        inner join ties as t on w.key = t.tie_id
        where w.level = 'tie' and w.reason is null
        group by all
        having saker > 0
        order by saker desc, forbindelse
        limit 15
    """).df()

(
    alt.Chart(most, title="Saker i alt, nyheter og meninger")
    .transform_fold(["nyheter", "meninger"], ["slag", "antall"])
    .mark_bar()
    .encode(
        x=alt.X("antall:Q", title="saker", axis=alt.Axis(tickMinStep=1)),
        y=alt.Y("forbindelse:N", sort=list(most["forbindelse"]), title=None),
        color=alt.Color(
            "slag:N", title=None, scale=alt.Scale(domain=["nyheter", "meninger"], range=["#0b5c8a", "#c77700"])
        ),
    )
    .properties(width=480)
)

# %% [markdown]
# ## Hvordan går det uke for uke?
#
# Linjen er andelen av alle saker fra de samme kildene den samme uken. Båndet er et 95 %-intervall (Wilson). Grå uker
# har ikke noe tall: kildene var nede. De er aldri null.

# %%
with warehouse.connect(WAREHOUSE) as con:
    weeks = con.sql(
        """
        select
            t.kommune_name || '–' || t.city_name as forbindelse,
            w.week as uke,
            w.week_start as start,
            w.week_start + interval 7 day as slutt,
            w.stories as saker,
            w.all_stories as alle_saker,
            100 * w.share as andel,
            100 * w.share_low as lav,
            100 * w.share_high as høy,
            w.reason as grunn
        from attention_weekly as w
        inner join ties as t on w.key = t.tie_id
        where w.level = 'tie' and w.key in (select unnest($ties))
        order by forbindelse, uke
        """,
        params={"ties": TIES},
    ).df()

base = alt.Chart(weeks).encode(x=alt.X("start:T", title=None))
outages = base.transform_filter("datum.andel === null").mark_rect(color="#d9dee3").encode(x2="slutt:T")
band = base.mark_area(color="#9cc4dc", opacity=0.6, interpolate="step-after").encode(
    y=alt.Y("lav:Q", title="prosent av alle saker"), y2="høy:Q"
)
line = base.mark_line(color="#0b5c8a", interpolate="step-after").encode(
    y="andel:Q", tooltip=["uke", "saker", "alle_saker", "andel", "lav", "høy", "grunn"]
)
alt.layer(outages, band, line).properties(width=560, height=110).facet(row=alt.Row("forbindelse:N", title=None))

# %% [markdown]
# ## Når skiftet nivået?
#
# `shifts` finner uker der antallet saker flyttet seg varig (PELT). Forbindelser med under ti saker eller tjue friske
# uker er for få til å si noe, og mangler her.

# %%
with warehouse.connect(WAREHOUSE) as con:
    shifts = warehouse.shifts(con).df()
shifts

# %% [markdown]
# ## Hva tallet ikke sier
#
# - Bare avisene vi leser. En sak i en avis utenfor `bybaand sources list` finnes ikke her.
# - Av betalte artikler er bare tittel og ingress lest; en forbindelse som først nevnes under, telles ikke.
# - Under fem saker (`few`) er intervallet så bredt at andelen sier lite. Sammenlign ikke slike uker.
# - `sources_changed` markerer at andre kilder var friske enn uken før. Da kan nivåene ikke sammenlignes.
# - Mye omtale er ikke støtte og ikke motstand. Se notatbok 4.
