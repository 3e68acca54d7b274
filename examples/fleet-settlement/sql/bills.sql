-- What both statements begin with. A record that came twice is one; two different ones under one session id are a
-- conflict, which `settle` refuses, so it is told how many there are.
WITH records AS (
    SELECT DISTINCT session_id, tariff_id, started_at, charged_until, ended_at, energy_uwh
    FROM sessions
), bills AS (
    SELECT session_id, tariff_id, energy_uwh,
           settle($contract, session_id, tariff_id, started_at, charged_until, ended_at, energy_uwh,
                  count(*) OVER (PARTITION BY session_id)) AS bill
    FROM records
)
