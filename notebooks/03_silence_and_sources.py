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
# # 3. Stillhet og kilder: hvem skriver ingen om, og kan vi vite det?
#
# Hver celle åpner det publiserte datavarehuset selv; kjør cellen om igjen etter en ny «bybaand build».

# %%
import os

import altair as alt

import warehouse

alt.renderers.enable("svg")  # tegnes her på maskinen, uten nett
alt.renderers.set_embed_options(format_locale="sv-SE", time_format_locale="nb-NO")  # tall som i Norden: 1 000,5
WAREHOUSE = os.environ.get("BYBAAND_WAREHOUSE", "data/bybaand.duckdb")

# %% [markdown]
# ## Hvor lenge har det vært stille?
#
# Stillhet telles i *friske* uker: uker der minst halvparten av kildedagene var friske. Et avbrudd er ikke stillhet.
# Kommuner uten en lokalavis vi leser, er skilt ut: der kan det være skrevet noe vi ikke ser. Bildet viser avtaler som
# har vært omtalt; tabellen under sier hvor mange som aldri har vært det.

# %%
with warehouse.connect(WAREHOUSE) as con:
    silent = con.sql("""
        select
            kommune_name || '–' || city_name as avtale,
            status, last_day, healthy_weeks, weeks_silent, sees_local_paper,
            if(sees_local_paper, 'vi leser en lokalavis', 'ingen lokalavis') as lokalavis,
            local_sources, stories_before, caveat
        from silence
        order by healthy_weeks desc, avtale
    """).df()

(
    alt.Chart(silent[silent["stories_before"] > 0], title="Friske uker uten en sak, avtaler som har vært omtalt")
    .mark_bar()
    .encode(
        x=alt.X("healthy_weeks:Q", bin=alt.Bin(step=8), title="friske uker siden siste sak"),
        y=alt.Y("count()", title="avtaler"),
        color=alt.Color(
            "lokalavis:N",
            title=None,
            scale=alt.Scale(domain=["vi leser en lokalavis", "ingen lokalavis"], range=["#0b5c8a", "#c3ccd4"]),
        ),
    )
    .properties(width=520, height=220)
)

# %%
silent[silent["stories_before"] == 0].groupby(["status", "lokalavis"], as_index=False).size()

# %% [markdown]
# ## Hvilke av dem kan vi stole på?
#
# Avtaler som har vært omtalt, der en lokalavis vi leser har vært frisk, og som ingen har skrevet om på tolv uker.

# %%
silent[silent["sees_local_paper"] & (silent["healthy_weeks"] >= 12) & (silent["stories_before"] > 0)]

# %% [markdown]
# ## Var kildene friske?
#
# Andelen friske dager per kilde og uke. `source_days.why` sier hvorfor en dag ikke teller.

# %%
with warehouse.connect(WAREHOUSE) as con:
    health = con.sql("""
        select
            s.name as kilde,
            w.week as uke,
            w.week_start as start,
            w.week_start + interval 7 day as slutt,
            w.healthy_days / w.possible_days as friske,
            w.articles as artikler,
            w.why as hvorfor
        from source_weeks as w
        inner join sources as s using (source_id)
        where w.possible_days > 0
        order by kilde, uke
    """).df()

(
    alt.Chart(health, title="Friske dager per uke")
    .mark_rect()
    .encode(
        x=alt.X("start:T", title=None),
        x2="slutt:T",
        y=alt.Y("kilde:N", title=None),
        color=alt.Color(
            "friske:Q", title="andel friske dager", scale=alt.Scale(domain=[0, 1], range=["#e0a100", "#dcecf6"])
        ),
        tooltip=["kilde", "uke", "friske", "artikler", "hvorfor"],
    )
    .properties(width=520)
)

# %%
with warehouse.connect(WAREHOUSE) as con:
    reasons = con.sql("""
        select
            s.name as kilde,
            d.state,
            count(*) as dager,
            min(d.day) as første,
            max(d.day) as siste,
            any_value(d.why) as hvorfor
        from source_days as d
        inner join sources as s using (source_id)
        where not d.healthy
        group by all
        order by dager desc
    """).df()
reasons

# %% [markdown]
# ## Hva tallet ikke sier
#
# - En avtale kan leve godt uten at avisen skriver om den.
# - Uten en lokalavis vi leser, vet vi ikke om det er stille. Les `caveat`.
# - Det en avis trykker utenfor lister og strømmer, ser vi aldri.
# - De tre første ukene av en kilde har ingen forventning; et fall der blir ikke merket.
