-- The order of the ledger is the order of the session ids, byte by byte: nothing of how the work was shared out is in it.
SELECT session_id, bill['net'] AS net, bill['tax'] AS tax, bill['refusal'] AS refusal
FROM bills
ORDER BY session_id NULLS FIRST
