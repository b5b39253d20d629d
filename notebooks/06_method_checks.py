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
# # 6. Metodesjekk: hvor mye kan vi stole på tallene?
#
# Hver celle åpner det publiserte datavarehuset selv; kjør cellen om igjen etter en ny «bybaand build».

# %%
import os

import altair as alt

import warehouse

alt.renderers.enable("svg")  # tegnes her på maskinen, uten nett
alt.renderers.set_embed_options(format_locale="sv-SE", time_format_locale="nb-NO")  # tall som i Norden: 1 000,5
WAREHOUSE = os.environ.get("BYBAAND_WAREHOUSE", "data/bybaand.duckdb")
SAMPLE = 25
THRESHOLDS = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]

# %% [markdown]
# ## Et utvalg å lese selv
#
# Utvalget er tilfeldig, men likt hver gang (sortert på en sjekksum), så to kan lese de samme setningene hver for seg
# og sammenligne. Vurder dem med `bybaand review`; vurderingene ligger i `decisions`.

# %%
with warehouse.connect(WAREHOUSE) as con:
    sample = con.sql(
        """
        select
            event_id, tie_id, action, factuality, event_date, decided_by,
            left(evidence, 200) as evidence, score, judgement
        from tie_events
        where is_current
        order by md5(event_id)
        limit $sample
        """,
        params={"sample": SAMPLE},
    ).df()
sample

# %% [markdown]
# ## Er maskinen og analytikerne enige?
#
# Andelen av de vurderte hendelsene som ble godtatt uendret, med 95 %-intervall. Tom tabell: ingen har vurdert noe ennå.

# %%
with warehouse.connect(WAREHOUSE) as con:
    agreement = con.sql("""
        select
            machine_action as handling,
            count(*) as vurdert,
            count(*) filter (where judgement = 'accept') as enig,
            enig / vurdert as andel,
            wilson_low(enig, vurdert) as lav,
            wilson_high(enig, vurdert) as høy
        from (
            select coalesce(machine_action, action) as machine_action, judgement
            from tie_events
            where judgement is not null
        )
        group by all
        order by vurdert desc
    """).df()
agreement

# %% [markdown]
# ## Fortalte avisene det dokumentene sier?
#
# Kjente hendelser i dokumenter fra den tiden vi har lest, og om en avis vi leser har fortalt dem.

# %%
with warehouse.connect(WAREHOUSE) as con:
    retold = con.sql("""
        select
            k.action as handling,
            count(*) as dokumentert,
            count(k.decision_id) as fortalt,
            median(abs(k.days_off)) as dager_fra
        from known_vs_observed as k
        where k.date_to >= (select min(day) from source_days)
        group by all
        order by dokumentert desc
    """).df()
retold

# %% [markdown]
# ## Hva deler vi på?
#
# Nevneren: alle saker fra friske kilder hver uke, og hvor stor del av kildedagene som var friske. Et hopp i nevneren
# flytter alle andeler.

# %%
with warehouse.connect(WAREHOUSE) as con:
    denominators = con.sql("""
        select distinct
            week as uke, week_start as start, all_stories as saker, 100 * coverage as dekning, sources_changed
        from attention_weekly
        where level = 'tie'
        order by uke
    """).df()

stories = (
    alt.Chart(denominators, title="Alle saker i nevneren")
    .mark_bar(color="#0b5c8a")
    .encode(x=alt.X("start:T", title=None), y=alt.Y("saker:Q", title="saker"), tooltip=["uke", "saker", "dekning"])
    .properties(width=520, height=120)
)
coverage = (
    alt.Chart(denominators, title="Friske kildedager, prosent")
    .mark_line(color="#c77700", interpolate="step-after")
    .encode(x=alt.X("start:T", title=None), y=alt.Y("dekning:Q", title="prosent", scale=alt.Scale(domain=[0, 100])))
    .properties(width=520, height=80)
)
stories & coverage

# %% [markdown]
# ## Hvor følsomt er tallet for terskelen?
#
# En omtale teller fra score 0,5. Hvor mange saker og avtaler ville vi hatt med en annen terskel?

# %%
with warehouse.connect(WAREHOUSE) as con:
    sensitivity = con.sql(
        """
        select
            terskel,
            count(distinct a.story_id) as saker,
            count(distinct m.tie_id) as avtaler
        from (select unnest($thresholds) as terskel)
        left join tie_mentions as m on m.score >= terskel
        left join articles as a using (article_id)
        group by terskel
        order by terskel
        """,
        params={"thresholds": THRESHOLDS},
    ).df()

(
    alt.Chart(sensitivity, title="Saker og avtaler etter terskel")
    .transform_fold(["saker", "avtaler"], ["hva", "antall"])
    .mark_line(point=True)
    .encode(
        x=alt.X("terskel:Q", scale=alt.Scale(domain=[0.25, 0.95]), axis=alt.Axis(values=THRESHOLDS, format=".1f")),
        y=alt.Y("antall:Q", title="antall"),
        color=alt.Color(
            "hva:N", title=None, scale=alt.Scale(domain=["saker", "avtaler"], range=["#0b5c8a", "#c77700"])
        ),
    )
    .properties(width=420, height=200)
)

# %% [markdown]
# ## Hva tallet ikke sier
#
# - Enighet på et utvalg sier noe om det vi fant, ikke om det vi ikke fant. Til det trengs tekster lest i sin helhet
#   (`bybaand evaluate`).
# - Dokumentene er samlet rundt avtaler med Russland og Ukraina, og er ikke fullstendige for noen kommune.
# - Gir en annen terskel et annet svar på spørsmålet ditt, er svaret ikke sikkert. Si det.
