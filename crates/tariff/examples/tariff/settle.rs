//! `settle`: the cases of Chinese billing and of settlement, by kind.

use anyhow::{Context, Result, bail};
use evse_tariff::china::ykc::BillingModel;
use evse_tariff::china::{
    Applied, Discount, MinuteRounding, MonthlyCap, OccupancyFee, StopRule, apply_discounts,
    prepaid_stop,
};
use evse_tariff::register::{RegisterFlag, RegisterTracker};
use evse_tariff::settlement::ledger::{self, LedgerEntry, StatedEntry};
use evse_tariff::settlement::{
    self, Class, Obligation, Order, Outcome, PartsPerMillion, Postings, Side, Take, Tolerance,
};
use evse_tariff::{MicroWattHours, Rounding, RoundingMode};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::input::{Num, Ordered, local};
use crate::text::fixed;

#[derive(Deserialize)]
struct Kind {
    kind: String,
}

/// The answer to a case without its id.
pub(crate) fn settle(line: &str) -> Result<Map<String, Value>> {
    let Kind { kind } = serde_json::from_str(line).context("a case needs a kind")?;
    let result = match kind.as_str() {
        "tou_session" => crate::time_of_use::session(line),
        "split" => split(line),
        "split_waterfall" => waterfall(line),
        "refund" => refund(line),
        "refund_sequence" => refund_sequence(line),
        "netting" => netting(line),
        "reconciliation" => reconciliation(line),
        "idempotency" => idempotency(line),
        "ledger" => chain(line),
        "meter_deltas" => meter_deltas(line),
        "occupancy_fee" => occupancy(line),
        "discount_chain" => discounts(line),
        "monthly_cap" => monthly_cap(line),
        "prepaid_stop" => prepaid(line),
        "rounding_policy" => rounding_policy(line),
        "v2g_settlement" => crate::grid::v2g(line),
        "carbon" => crate::grid::carbon(line),
        "carbon_slots" => crate::grid::carbon_slots(line),
        "max_demand" => crate::grid::max_demand(line),
        "demand_allocation" => crate::grid::demand_allocation(line),
        "site_bill" => crate::grid::site_bill(line),
        "ykc_model" => ykc_model(line),
        other => bail!("kind {other:?} is not known"),
    };
    let mut answer = Map::new();
    answer.insert("result".into(), result.with_context(|| kind.clone())?);
    Ok(answer)
}

fn ints(list: &[Num<'_>]) -> Result<Vec<i64>> {
    list.iter().map(|number| number.int()).collect()
}

fn split(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        total: Num<'a>,
        #[serde(borrow)]
        weights: Vec<Num<'a>>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let weights = case.weights.iter().map(|weight| weight.count()).collect::<Result<Vec<_>>>()?;
    let mut parts = vec![0; weights.len()];
    settlement::split(case.total.int()?, &weights, &mut parts)?;
    Ok(json!({ "parts": parts }))
}

fn waterfall(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        order: OrderFees<'a>,
        rules: Vec<Rule>,
    }
    #[derive(Deserialize)]
    struct OrderFees<'a> {
        #[serde(borrow)]
        elec_fen: Num<'a>,
        #[serde(borrow)]
        service_fen: Num<'a>,
    }
    #[derive(Deserialize)]
    struct Rule {
        party: String,
        take: String,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let fees = [case.order.elec_fen.int()?, case.order.service_fen.int()?];
    let takes: Vec<Take> = case.rules.iter().map(|rule| take(&rule.take)).collect::<Result<_>>()?;
    let mut parts = vec![0; takes.len()];
    settlement::waterfall(&mut fees.clone(), &fees, &takes, &mut parts)?;
    let mut result = Map::new();
    for (rule, part) in case.rules.iter().zip(&parts) {
        let before = result.get(&rule.party).and_then(Value::as_i64).unwrap_or(0);
        result.insert(rule.party.clone(), (before + part).into());
    }
    result.insert("sum".into(), parts.iter().sum::<i64>().into());
    Ok(result.into())
}

/// `elec P%`, `service P%`, either `of remainder`, or `rest`.
fn take(text: &str) -> Result<Take> {
    if text == "rest" {
        return Ok(Take::Rest);
    }
    let (fee, share) = text.split_once(' ').with_context(|| format!("take {text:?}"))?;
    let component = match fee {
        "elec" => 0,
        "service" => 1,
        other => bail!("take {text:?}: {other:?} is neither elec nor service"),
    };
    let (percent, rest) = share.split_once('%').with_context(|| format!("take {text:?}: no %"))?;
    let share = PartsPerMillion(Num(percent.trim()).percent()?);
    match rest.trim() {
        "" => Ok(Take::OfComponent { component, share }),
        "of remainder" => Ok(Take::OfRemainder { component, share }),
        other => bail!("take {text:?}: {other:?}"),
    }
}

fn refund(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        shares: Ordered<Num<'a>>,
        #[serde(borrow)]
        refund_fen: Num<'a>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let mut shares =
        case.shares.0.iter().map(|(_, share)| share.int()).collect::<Result<Vec<_>>>()?;
    let mut parts = vec![0; shares.len()];
    settlement::refund(&mut shares, case.refund_fen.int()?, &mut parts)?;
    let named: Map<String, Value> = case
        .shares
        .0
        .iter()
        .zip(parts)
        .map(|((party, _), part)| (party.clone(), part.into()))
        .collect();
    Ok(json!({ "parts": named }))
}

fn refund_sequence(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        order_fen: Num<'a>,
        #[serde(borrow)]
        weights: Vec<Num<'a>>,
        #[serde(borrow)]
        refunds: Vec<Num<'a>>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let weights = case.weights.iter().map(|weight| weight.count()).collect::<Result<Vec<_>>>()?;
    let mut shares = vec![0; weights.len()];
    settlement::split(case.order_fen.int()?, &weights, &mut shares)?;
    let mut parts = vec![0; weights.len()];
    for refund in ints(&case.refunds)? {
        settlement::refund(&mut shares, refund, &mut parts)?;
    }
    Ok(json!({ "final_parts": shares }))
}

fn netting(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        obligations: Vec<(String, String, Num<'a>)>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let owed = case
        .obligations
        .iter()
        .map(|(debtor, creditor, amount)| {
            Ok(Obligation { debtor, creditor, amount: amount.int()? })
        })
        .collect::<Result<Vec<_>>>()?;
    let list = |owed: &[Obligation<'_>]| -> Vec<Value> {
        owed.iter().map(|o| json!([o.debtor, o.creditor, o.amount])).collect()
    };
    let positions = settlement::positions(&owed)?;
    Ok(json!({
        "bilateral": list(&settlement::bilateral(&owed)?),
        "positions": positions,
        "multilateral": list(&settlement::payments(&positions)),
    }))
}

fn reconciliation(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow, default)]
        tolerance_fen: Option<Num<'a>>,
        #[serde(borrow, default)]
        tolerance_energy: Option<Num<'a>>,
        #[serde(borrow, default)]
        tolerance_start_s: Option<Num<'a>>,
        #[serde(borrow)]
        ours: Vec<OrderJson<'a>>,
        #[serde(borrow)]
        theirs: Vec<OrderJson<'a>>,
    }
    #[derive(Deserialize)]
    struct OrderJson<'a> {
        id: String,
        #[serde(borrow)]
        energy: Num<'a>,
        #[serde(borrow)]
        fen: Num<'a>,
        start: String,
    }
    fn orders<'o>(list: &'o [OrderJson<'_>]) -> Result<Vec<Order<&'o str>>> {
        list.iter()
            .map(|order| {
                Ok(Order {
                    id: order.id.as_str(),
                    energy: order.energy.kwh()?,
                    amount: order.fen.int()?,
                    start: local(&order.start)?,
                    end: None,
                    currency: None,
                    status: None,
                })
            })
            .collect()
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let energy = case.tolerance_energy.map_or(Ok(MicroWattHours::ZERO), Num::kwh)?;
    let tolerance = Tolerance {
        amount: case.tolerance_fen.map_or(Ok(0), Num::count)?,
        energy: energy.raw().unsigned_abs(),
        start_millis: case.tolerance_start_s.map_or(Ok(0), Num::count)?.saturating_mul(1_000),
        carry_over: None,
    };
    let (ours, theirs) = (orders(&case.ours)?, orders(&case.theirs)?);
    let found = settlement::reconcile(&ours, &theirs, &tolerance);
    let id = |list: &[Order<&str>], at: Option<usize>| -> Value {
        at.and_then(|at| list.get(at)).map_or(Value::Null, |order| order.id.into())
    };
    let mut result: Map<String, Value> =
        CLASSES.map(|(_, name)| (name.to_owned(), json!([]))).into_iter().collect();
    for finding in &found.findings {
        let name = CLASSES.iter().find(|(class, _)| *class == finding.class).map(|(_, name)| *name);
        let list = name.and_then(|name| result.get_mut(name)).and_then(Value::as_array_mut);
        let named = match finding.class {
            Class::Only(Side::Theirs) | Class::Duplicate(Side::Theirs) => {
                id(&theirs, finding.theirs)
            }
            _ => id(&ours, finding.ours),
        };
        list.context("a class that cases do not have")?.push(named);
    }
    let pairs: Vec<Value> = found
        .candidates
        .iter()
        .map(|(a, b)| json!([id(&ours, Some(*a)), id(&theirs, Some(*b))]))
        .collect();
    result.insert("candidate_pairs".into(), pairs.into());
    for (name, sum) in [
        ("ours_total_fen", found.ours_total),
        ("theirs_total_fen", found.theirs_total),
        ("explained_difference_fen", found.explained),
    ] {
        result.insert(name.into(), i64::try_from(sum).context("sum out of range")?.into());
    }
    Ok(result.into())
}

/// The lists of a reconciliation. Orders of cases have neither currency nor status.
const CLASSES: [(Class, &str); 9] = [
    (Class::Duplicate(Side::Ours), "duplicate_ours"),
    (Class::Duplicate(Side::Theirs), "duplicate_theirs"),
    (Class::Only(Side::Ours), "only_ours"),
    (Class::Only(Side::Theirs), "only_theirs"),
    (Class::EnergyAndAmount, "energy_and_amount_mismatch"),
    (Class::Energy, "energy_mismatch"),
    (Class::Amount, "amount_mismatch"),
    (Class::Time, "time_mismatch"),
    (Class::Matched, "matched"),
];

fn idempotency(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        posts: Vec<Post<'a>>,
    }
    #[derive(Deserialize)]
    struct Post<'a> {
        key: String,
        #[serde(borrow)]
        fen: Num<'a>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let mut book = Postings::default();
    let mut results = Vec::new();
    for post in case.posts {
        results.push(match book.post(post.key, post.fen.int()?) {
            Outcome::Applied => "applied",
            Outcome::Duplicate => "duplicate_ignored",
            Outcome::Conflict => "conflict",
        });
    }
    let balance = i64::try_from(book.balance()).context("balance out of range")?;
    Ok(json!({ "results": results, "balance": balance }))
}

fn chain(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        entries: Vec<EntryJson<'a>>,
    }
    #[derive(Deserialize)]
    struct EntryJson<'a> {
        #[serde(borrow)]
        seq: Num<'a>,
        kind: String,
        #[serde(rename = "ref")]
        reference: String,
        #[serde(borrow)]
        amount: Num<'a>,
        currency: String,
        body: String,
        prev: String,
        hash: String,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    // What is not hexadecimal is no hash: it fits nowhere.
    let bytes = case
        .entries
        .iter()
        .map(|e| (unhex(&e.prev).unwrap_or_default(), unhex(&e.hash).unwrap_or_default()));
    let bytes: Vec<_> = bytes.collect();
    let stated = case
        .entries
        .iter()
        .zip(&bytes)
        .map(|(entry, (previous, hash))| {
            Ok(StatedEntry {
                entry: LedgerEntry {
                    sequence: entry.seq.count().unwrap_or(u64::MAX),
                    kind: &entry.kind,
                    reference: &entry.reference,
                    amount: entry.amount.int()?,
                    currency: &entry.currency,
                },
                body: &entry.body,
                previous,
                hash,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    match ledger::verify::<Sha256>(stated) {
        Ok(ledger) => {
            let balance = i64::try_from(ledger.balance()).context("balance out of range")?;
            Ok(json!({ "valid": true, "head": hex(ledger.head()), "balance": balance }))
        }
        Err(at) => {
            let sequence = case.entries.get(at).map(|entry| entry.seq.int()).transpose()?;
            Ok(json!({ "valid": false, "first_bad_seq": sequence }))
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Result<Vec<u8>> {
    let digits: Vec<char> = text.trim().chars().collect();
    digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => high
                .to_digit(16)
                .zip(low.to_digit(16))
                .and_then(|(high, low)| u8::try_from(high * 16 + low).ok())
                .context("not hexadecimal"),
            _ => bail!("an odd number of hexadecimal digits"),
        })
        .collect()
}

fn meter_deltas(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        readings: Vec<Num<'a>>,
        #[serde(borrow)]
        register_bits: Num<'a>,
        #[serde(borrow)]
        max_plausible_delta: Num<'a>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let bits = case.register_bits.small()?;
    let mut tracker = RegisterTracker::new(bits, case.max_plausible_delta.count()?)
        .context("register_bits: 1 to 64")?;
    let (mut deltas, mut flags, mut billed) = (Vec::new(), Vec::new(), 0u64);
    for reading in case.readings {
        if let Some(step) = tracker.handle_reading(reading.count()?) {
            deltas.push(step.delta);
            billed = billed.checked_add(step.delta.unwrap_or(0)).context("sum out of range")?;
            flags.push(step.flag.map(|flag| match flag {
                RegisterFlag::Rollover => "rollover",
                RegisterFlag::Backward => "backward",
                RegisterFlag::Reset => "reset",
                RegisterFlag::Implausible => "implausible",
            }));
        }
    }
    Ok(json!({ "deltas": deltas, "flags": flags, "billed_total": billed }))
}

fn occupancy(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        idle_seconds: Num<'a>,
        #[serde(borrow)]
        grace_seconds: Num<'a>,
        #[serde(borrow)]
        fen_per_minute: Num<'a>,
        #[serde(borrow, default)]
        cap_fen: Option<Num<'a>>,
        #[serde(default)]
        minute_rounding: Option<String>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let rounding = match case.minute_rounding.as_deref() {
        None | Some("up") => MinuteRounding::Up,
        Some("down") => MinuteRounding::Down,
        Some(other) => bail!("minute_rounding {other:?}: up or down"),
    };
    let terms = OccupancyFee {
        grace_seconds: case.grace_seconds.count()?,
        fen_per_minute: case.fen_per_minute.count()?,
        cap_fen: case.cap_fen.map(Num::count).transpose()?,
        rounding,
    };
    let fee = terms.fee(case.idle_seconds.count()?).context("fee out of range")?;
    Ok(json!({ "fen": fee }))
}

fn discounts(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        elec_fen: Num<'a>,
        #[serde(borrow)]
        service_fen: Num<'a>,
        #[serde(borrow)]
        chain: Vec<Step<'a>>,
    }
    #[derive(Deserialize)]
    struct Step<'a> {
        kind: String,
        #[serde(borrow, default)]
        pct: Option<Num<'a>>,
        #[serde(borrow, default)]
        service_at_least: Option<Num<'a>>,
        #[serde(borrow, default)]
        minus_fen: Option<Num<'a>>,
        #[serde(default)]
        floor_service_only: Option<bool>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let discount = |step: &Step<'_>| -> Result<Discount> {
        let minus = || step.minus_fen.context("minus_fen is missing")?.int();
        Ok(match step.kind.as_str() {
            "member_service_pct" => Discount::MemberService(PartsPerMillion(
                step.pct.context("pct is missing")?.percent()?,
            )),
            "threshold" => Discount::Threshold {
                service_at_least: step
                    .service_at_least
                    .context("service_at_least is missing")?
                    .int()?,
                minus: minus()?,
            },
            "coupon_total" => Discount::Coupon {
                minus: minus()?,
                service_only: step.floor_service_only.unwrap_or(false),
            },
            other => bail!("step {other:?} is not known"),
        })
    };
    let chain = case.chain.iter().map(discount).collect::<Result<Vec<_>>>()?;
    let mut applied = vec![Applied::default(); chain.len()];
    let fees =
        apply_discounts(case.elec_fen.int()?, case.service_fen.int()?, &chain, &mut applied)?;
    Ok(json!({
        "service_after": fees.service,
        "elec_after": fees.electricity,
        "applied": applied.iter().map(|step| step.taken).collect::<Vec<_>>(),
        "payable_fen": fees.payable,
        "coupon_unused_fen": fees.unused,
    }))
}

fn monthly_cap(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        cap_fen: Num<'a>,
        #[serde(borrow)]
        orders_service_fen: Vec<Num<'a>>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let mut cap = MonthlyCap::new(case.cap_fen.int()?);
    let orders = ints(&case.orders_service_fen)?;
    let charged: Vec<i64> = orders.into_iter().map(|fee| cap.charge(fee)).collect();
    Ok(json!({ "charged": charged }))
}

fn prepaid(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        balance_fen: Num<'a>,
        #[serde(borrow, default)]
        reserve_fen: Option<Num<'a>>,
        #[serde(borrow)]
        price: Num<'a>,
        #[serde(borrow, default)]
        energy_dp: Option<Num<'a>>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let reserve = case.reserve_fen.map_or(Ok(0), Num::int)?;
    let available = case.balance_fen.int()?.checked_sub(reserve).context("balance out of range")?;
    let places = case.energy_dp.map_or(Ok(4), Num::small)?;
    let finer = 9u32.checked_sub(places).context("energy_dp: at most 9")?;
    let (price, step) = (case.price.price()?, MicroWattHours::from_raw(10i64.pow(finer)));
    let most = |rule| -> Result<String> {
        let stop =
            prepaid_stop(available, price, step, rule).context("there is no largest energy")?;
        Ok(fixed(i128::from(stop.raw() / step.raw()), places))
    };
    Ok(json!({
        "max_energy_exact_amount_le_balance": most(StopRule::Exact)?,
        "max_energy_rounded_fen_le_balance": most(StopRule::RoundedToFen)?,
        "max_energy_rounded_twice_le_balance": most(StopRule::RoundedTwice)?,
    }))
}

fn rounding_policy(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case<'a> {
        #[serde(borrow)]
        items: Vec<Item<'a>>,
    }
    #[derive(Deserialize)]
    struct Item<'a> {
        #[serde(borrow)]
        energy: Num<'a>,
        #[serde(borrow)]
        price: Num<'a>,
    }
    let case: Case<'_> = serde_json::from_str(line)?;
    let amounts = case
        .items
        .iter()
        .map(|item| {
            evse_tariff::energy_cost(item.energy.kwh()?, item.price.price()?)
                .context("amount out of range")
        })
        .collect::<Result<Vec<_>>>()?;
    let truncated = Rounding { mode: RoundingMode::Truncate, places: 2 };
    let rounded_sum = |rounding: Rounding| -> Result<i64> {
        let mut sum = evse_tariff::Money::ZERO;
        for amount in &amounts {
            let rounded = amount.round(rounding).context("amount out of range")?;
            sum = sum.checked_add(rounded).context("sum out of range")?;
        }
        Rounding::FEN.round(sum).and_then(evse_tariff::Money::to_minor).context("sum out of range")
    };
    let exact = amounts
        .iter()
        .try_fold(evse_tariff::ExactMoney::ZERO, |sum, amount| sum.checked_add(*amount))
        .and_then(|sum| sum.round(Rounding::FEN)?.to_minor())
        .context("sum out of range")?;
    let ways = [
        rounded_sum(Rounding::FEN)?,
        exact,
        rounded_sum(Rounding::TEN_THOUSANDTH)?,
        rounded_sum(truncated)?,
    ];
    let [each, once, twice, cut] = ways;
    let spread = ways.iter().max().zip(ways.iter().min()).map_or(0, |(most, least)| most - least);
    Ok(json!({
        "round_each_to_fen_then_sum": each,
        "sum_exact_then_round": once,
        "round_each_to_4dp_then_sum_then_fen": twice,
        "truncate_each_to_fen_then_sum": cut,
        "max_spread_fen": spread,
    }))
}

fn ykc_model(line: &str) -> Result<Value> {
    #[derive(Deserialize)]
    struct Case {
        frame_hex: String,
    }
    let case: Case = serde_json::from_str(line)?;
    let model = BillingModel::decode(&unhex(&case.frame_hex).context("frame_hex")?)?;
    let rates: Vec<Value> = model
        .rates
        .iter()
        .map(|rate| {
            let price = |price: evse_tariff::PricePerKwh| fixed((price.raw() / 10).into(), 5);
            json!({
                "name": rate.band.to_string(),
                "elec": price(rate.electricity),
                "service": price(rate.service),
            })
        })
        .collect();
    let slots: String = model.slots.iter().map(|slot| char::from(b'0' + slot)).collect();
    Ok(json!({
        "pile": hex(&model.pile),
        "model_id": hex(&model.model),
        "rates": rates,
        "loss_pct": model.loss_percent,
        "slots": slots,
    }))
}
