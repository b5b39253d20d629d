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
# # 2. Vedtak og status: hva er bestemt, og hva visste vi når?
#
# Hver celle åpner det publiserte datavarehuset selv; kjør cellen om igjen etter en ny «bybaand build».

# %%
import os
from datetime import date

import altair as alt

import warehouse

alt.renderers.enable("svg")  # tegnes her på maskinen, uten nett
alt.renderers.set_embed_options(format_locale="sv-SE", time_format_locale="nb-NO")  # tall som i Norden: 1 000,5
WAREHOUSE = os.environ.get("BYBAAND_WAREHOUSE", "data/bybaand.duckdb")
COUNTRY = "RU"
SINCE = date(2022, 1, 1)
NAMES = {
    "active": "gjelder",
    "frozen": "fryst",
    "ended": "avsluttet",
    "proposed": "foreslått",
    "disputed": "omstridt",
    "doubtful": "tvilsom",
}
COLOURS = ["#0b5c8a", "#e0a100", "#8f2d2d", "#6b4fa0", "#c2418f", "#9aa4ad"]

# %% [markdown]
# ## Hvilke vedtak er meldt?
#
# `decided` er vedtak vi tror på: en analytiker har sagt ja, et dokument sier det, én uavhengig sak har score 0,7 eller
# mer (0,75 uten dato i teksten, 0,6 for en frysing), eller to har 0,4 eller mer.
# `reported` er meldt, men for svakt til å flytte en status. Opptrykk av samme tekst teller som én sak.

# %%
with warehouse.connect(WAREHOUSE) as con:
    decided = con.sql(
        """
        select
            date_from, date_to, date_precision, kommune_name, city_name, country, action, state, decided_by,
            stories, papers, score, denials, conflicts_with, left(evidence, 200) as evidence, first_url, decision_id
        from decisions_observed
        where kind in ('step', 'stand', 'proposal') and state <> 'rejected' and date_to >= $since
        order by date_from desc, decision_id
        """,
        params={"since": SINCE},
    ).df()
decided

# %% [markdown]
# ## Hvordan har statusen til avtalene gått?
#
# Ett felt per avtale, slik vi vet det nå. Et år eller en måned uten dag regnes fra den første dagen.

# %%
with warehouse.connect(WAREHOUSE) as con:
    course = con.sql(
        """
        select
            t.kommune_name || '–' || t.city_name as avtale,
            s.status,
            greatest(s.valid_from, $since) as fra,
            least(s.valid_to, (select value::date from build_info where key = 'today')) as til,
            s.basis,
            s.date_precision
        from tie_status as s
        inner join ties as t using (tie_id)
        where s.known_to = date '9999-12-31' and t.country = $country and s.valid_to > $since
        qualify count(*) over (partition by tie_id) > 1
        order by avtale, fra
        """,
        params={"since": SINCE, "country": COUNTRY},
    ).df()

(
    alt.Chart(course.replace({"status": NAMES}), title="Status gjennom tiden")
    .mark_bar(height=13)
    .encode(
        x=alt.X("fra:T", title=None),
        x2="til:T",
        y=alt.Y("avtale:N", title=None),
        color=alt.Color("status:N", title=None, scale=alt.Scale(domain=list(NAMES.values()), range=COLOURS)),
        tooltip=["avtale", "status", "fra", "til", "basis", "date_precision"],
    )
    .properties(width=520)
)

# %% [markdown]
# ## Hva var sant da, og hva visste vi da?
#
# `tie_status_as_of(dag, kjent)` skjærer gjennom begge tider. Forskjellen mellom de to tallene er det avisene fortalte
# senere.

# %%
with warehouse.connect(WAREHOUSE) as con:
    known = con.sql(
        """
        with days as (select unnest(generate_series($since, date '2100-01-01', interval 3 month))::date as dag)

        select
            d.dag,
            s.status,
            count(*) filter (where s.known_from <= d.dag and s.known_to > d.dag) as kjent_da,
            count(*) filter (where s.known_to = date '9999-12-31') as kjent_nå
        from days as d
        inner join tie_status as s on s.valid_from <= d.dag and s.valid_to > d.dag
        inner join ties as t on s.tie_id = t.tie_id and t.country = $country
        where d.dag <= (select value::date from build_info where key = 'today') and s.status in ('frozen', 'ended')
        group by all
        order by dag, status
        """,
        params={"since": SINCE, "country": COUNTRY},
    ).df()

(
    alt.Chart(known.replace({"status": NAMES}), title="Fryste og avsluttede: kjent da, og kjent nå")
    .transform_fold(["kjent_da", "kjent_nå"], ["når", "antall"])
    .mark_line(point=True)
    .encode(
        x=alt.X("dag:T", title=None),
        y=alt.Y("antall:Q", title="avtaler", axis=alt.Axis(tickMinStep=1)),
        color=alt.Color(
            "status:N", title=None, scale=alt.Scale(domain=["fryst", "avsluttet"], range=["#e0a100", "#8f2d2d"])
        ),
        strokeDash=alt.StrokeDash("når:N", title=None, scale=alt.Scale(domain=["kjent_nå", "kjent_da"])),
    )
    .properties(width=520)
)

# %% [markdown]
# ## Hva tallet ikke sier
#
# - Et vedtak ingen avis vi leser har skrevet om, og som ikke står i dokumentene våre, finnes ikke her.
# - «Gjelder» betyr at ingen har meldt noe annet. En avtale som sover, er også «gjelder».
# - Forslag flytter aldri en status, og et meldt nei til å avslutte heller ikke.
# - Meldinger som sier imot hverandre, står side om side: se `conflicts_with` og `denials` før du siterer.
# - Datoen er så nøyaktig som `date_precision` sier, ikke mer.
