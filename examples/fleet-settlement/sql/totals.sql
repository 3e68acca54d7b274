-- Refused records have no amounts, and sums and counts pass over nulls: a WHERE would have every session priced twice, once
-- to see whether it is refused. A sum of BIGINT would wrap around unseen; one of DECIMAL(28, 0) has ten digits to spare.
SELECT tariff_id,
       count(bill['net']) AS sessions,
       sum(CASE WHEN bill['refusal'] IS NULL THEN CAST(energy_uwh AS DECIMAL(28, 0)) END) AS energy_uwh,
       sum(CAST(bill['net'] AS DECIMAL(28, 0))) AS net,
       sum(CAST(bill['tax'] AS DECIMAL(28, 0))) AS tax,
       sum(CAST(bill['operator'] AS DECIMAL(28, 0))) AS operator,
       sum(CAST(bill['platform'] AS DECIMAL(28, 0))) AS platform,
       sum(CAST(bill['site'] AS DECIMAL(28, 0))) AS site
FROM bills
GROUP BY tariff_id
HAVING count(bill['net']) > 0
