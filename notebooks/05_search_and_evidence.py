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
# # 5. Søk og belegg: hvilke setninger bærer tallet?
#
# Hvert tall i datavarehuset kan følges til artikler og setninger. Hver celle åpner det publiserte datavarehuset selv;
# kjør cellen om igjen etter en ny «bybaand build».

# %%
import os
from pathlib import Path

import altair as alt

import warehouse
import warehouse.search

alt.renderers.enable("svg")  # tegnes her på maskinen, uten nett
alt.renderers.set_embed_options(format_locale="sv-SE", time_format_locale="nb-NO")  # tall som i Norden: 1 000,5
WAREHOUSE = os.environ.get("BYBAAND_WAREHOUSE", "data/bybaand.duckdb")
DATA = Path(WAREHOUSE).parent
TIE = "tromso–ru-murmansk"
WORDS = "vennskapsby avtale Russland"

# %% [markdown]
# ## Hva bærer tallene for én avtale?
#
# `evidence` har en rad per setning: omtale, hendelse eller holdning, med score og regel. Hver prikk er en setning.

# %%
with warehouse.connect(WAREHOUSE) as con:
    sentences = con.sql(
        """
        select
            published_day, source_name, title, kind, action, factuality, left(sentence, 200) as sentence, score, rule,
            case kind when 'event' then 'hendelse' when 'stance' then 'holdning' else 'omtale' end as slag,
            article_id, version, char_start, char_end, url
        from evidence
        where level = 'tie' and key = $tie
        order by published_day, article_id, char_start
        """,
        params={"tie": TIE},
    ).df()

(
    alt.Chart(sentences, title=f"Setningene bak {TIE}")
    .mark_circle(size=70, opacity=0.7)
    .encode(
        x=alt.X("published_day:T", title=None),
        y=alt.Y("score:Q", title="score", scale=alt.Scale(domain=[0, 1])),
        color=alt.Color("slag:N", title=None, scale=alt.Scale(range=["#8f2d2d", "#c77700", "#0b5c8a"])),
        tooltip=["published_day", "source_name", "title", "action", "sentence", "rule"],
    )
    .properties(width=520, height=200)
)

# %%
sentences[["published_day", "source_name", "slag", "action", "sentence", "score", "url"]]

# %% [markdown]
# ## Fra et vedtak til meldingene som gjør det til et vedtak

# %%
with warehouse.connect(WAREHOUSE) as con:
    reports = con.sql(
        """
        select
            d.decision_id, d.state, d.score as vedtak_score,
            e.published_day, e.source_name, e.title, left(e.sentence, 200) as sentence, e.score, e.judgement, e.url
        from decisions_observed as d
        inner join evidence as e on e.level = 'tie' and e.key = d.tie_id and list_contains(d.event_ids, e.event_id)
        where d.tie_id = $tie and d.kind in ('step', 'stand', 'proposal')
        order by d.date_from desc, d.decision_id, e.published_day
        """,
        params={"tie": TIE},
    ).df()
reports

# %% [markdown]
# ## Søk i tekstene
#
# Søket bøyer norske ord («avtale» finner «avtalen» og «avtalene»). Det samme som `bybaand search`.

# %%
with warehouse.connect(WAREHOUSE) as con:
    hits = warehouse.search.search(con, DATA, DATA / "search", WORDS, limit=10)
[(hit.published_day, hit.source_name, hit.title, hit.excerpt) for hit in hits]

# %% [markdown]
# ## Hva tallet ikke sier
#
# - En score er maskinens egen tro, ikke en måling av om den har rett. Målingen står i notatbok 6.
# - Setninger er kuttet til 300 tegn her og 200 på sidene. Les hele artikkelen hos avisen før du siterer.
# - Av betalte artikler er bare tittel og ingress lest. Trukne artikler finnes ikke i søket.
# - Ingen treff betyr ikke at det ikke er skrevet: se hvilke kilder og dager som dekkes i notatbok 3.
