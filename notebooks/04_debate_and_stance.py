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
# # 4. Debatt og holdning: hva vil innleggene, og hvem svarer hvem?
#
# Hver celle åpner det publiserte datavarehuset selv; kjør cellen om igjen etter en ny «bybaand build».

# %%
import os

import altair as alt

import warehouse

alt.renderers.enable("svg")  # tegnes her på maskinen, uten nett
alt.renderers.set_embed_options(format_locale="sv-SE", time_format_locale="nb-NO")  # tall som i Norden: 1 000,5
WAREHOUSE = os.environ.get("BYBAAND_WAREHOUSE", "data/bybaand.duckdb")
STANCES = ["avslutte", "fryse", "ikke stilling", "ny avtale", "beholde"]
COLOURS = ["#8f2d2d", "#e0a100", "#c3ccd4", "#6b4fa0", "#0b5c8a"]

# %% [markdown]
# ## Hva vil meningsinnleggene?
#
# Hver sak telles én gang per avtale. «Ikke stilling» nevner avtalen uten å ville noe med den.

# %%
with warehouse.connect(WAREHOUSE) as con:
    stance = con.sql("""
        select
            t.kommune_name || '–' || t.city_name as avtale,
            s.week_start as uke,
            s."end" as avslutte,
            s.freeze as fryse,
            s."none" as "ikke stilling",
            s.establish as "ny avtale",
            s.keep as beholde
        from stance_weekly as s
        inner join ties as t using (tie_id)
        order by uke
    """).df()

(
    alt.Chart(stance, title="Meningsinnlegg etter holdning")
    .transform_fold(STANCES, ["holdning", "innlegg"])
    .transform_filter("datum.innlegg > 0")
    .mark_bar()
    .encode(
        x=alt.X("sum(innlegg):Q", title="innlegg", axis=alt.Axis(tickMinStep=1)),
        y=alt.Y("avtale:N", title=None, sort="-x"),
        color=alt.Color("holdning:N", title=None, scale=alt.Scale(domain=STANCES, range=COLOURS)),
    )
    .properties(width=460)
)

# %% [markdown]
# ## Når kom de?

# %%
(
    alt.Chart(stance, title="Meningsinnlegg måned for måned")
    .transform_fold(STANCES, ["holdning", "innlegg"])
    .transform_filter("datum.innlegg > 0")
    .mark_bar()
    .encode(
        x=alt.X("yearmonth(uke):T", title=None),
        y=alt.Y("sum(innlegg):Q", title="innlegg", axis=alt.Axis(tickMinStep=1)),
        color=alt.Color("holdning:N", title=None, scale=alt.Scale(domain=STANCES, range=COLOURS)),
    )
    .properties(width=520, height=180)
)

# %% [markdown]
# ## Setningene bak
#
# Les dem før du siterer et tall: holdningen er lest av en maskin.

# %%
with warehouse.connect(WAREHOUSE) as con:
    sentences = con.sql("""
        select a.published_day, a.title, s.tie_id, s.stance, s.score, left(s.evidence, 200) as evidence, a.url
        from tie_stances as s
        inner join articles as a using (article_id)
        where a.withdrawn_at is null
        order by s.stance, s.score desc
    """).df()
sentences

# %% [markdown]
# ## Hvem svarer hvem?
#
# Sikreste vei teller: en lenke (0,95), «Svar til …» (0,8) eller navnet i tittel eller ingress (0,6).

# %%
with warehouse.connect(WAREHOUSE) as con:
    replies = con.sql("""
        select
            d.reply_day, r.title as svar, rs.name as i, d.days_after as dager_etter,
            g.title as til, gs.name as sto_i, d.how, d.score, d.tie_ids, d.thread_id
        from debates as d
        inner join articles as r on d.reply_article_id = r.article_id
        inner join articles as g on d.target_article_id = g.article_id
        left join sources as rs on d.reply_source_id = rs.source_id
        left join sources as gs on d.target_source_id = gs.source_id
        order by d.thread_id, d.reply_day
    """).df()
replies

# %% [markdown]
# ## Hva tallet ikke sier
#
# - Innlegg er ikke opinion: de som skriver, er ikke et utvalg av folk i kommunen.
# - Bare tekster som tar stilling med egne ord. Ironi og sitater leses ofte feil.
# - Med noen få innlegg er ett feillest innlegg nok til å snu bildet. Oppgi alltid antallet.
# - Svar som ikke nevner noen i tittel eller ingress, og svar i aviser vi ikke leser, mangler.
