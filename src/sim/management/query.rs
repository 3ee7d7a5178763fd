//! `POST /providers/Microsoft.ResourceGraph/resources`: a query over the subscriptions that the caller reads
//! ("Resources - Resources", 2024-04-01).

use serde::Deserialize;
use serde_json::Value;

use super::answered::{Options, answered};
use super::asker::{Asker, Subscription};
use super::parse::{Condition, Order, Step, parse};
use super::refusals::{clock, detail, refused, too_many};
use super::{check_version, error, resources};
use crate::model::guid::is_guid;
use crate::sim::wire::{Answer, Call};
use crate::sim::world::World;

const VERSIONS: &[&str] = &["2019-04-01", "2021-03-01", "2022-10-01", "2024-04-01"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    query: String,
    #[serde(default)]
    subscriptions: Option<Vec<String>>,
    #[serde(default)]
    options: Options,
}

pub(super) fn answer(world: &World, asker: &Asker<'_>, call: &Call) -> Result<Answer, Answer> {
    check_version(call, VERSIONS)?;
    let caller = &asker.caller;
    let who = format!("{}/{}/{}", caller.tid, caller.appid, caller.oid);
    let switches = &world.scenario.discovery.resource_graph;
    let left = world.query_limit.take(who, world.now());
    if let (Err(seconds), true) = (left, switches.limit) {
        return Err(too_many(world, seconds));
    }
    let seconds = left.map_or(5, |left| left.seconds);
    let requests = left.map_or(0, |left| left.requests);
    let answer = judged(world, asker, call).unwrap_or_else(|refused| refused);
    Ok(answer
        .with("x-ms-user-quota-remaining", requests.to_string())
        .with("x-ms-user-quota-resets-after", clock(seconds)))
}

fn judged(world: &World, asker: &Asker<'_>, call: &Call) -> Result<Answer, Answer> {
    let request: Request = serde_json::from_slice(&call.body).map_err(|problem| {
        let text =
            format!("The request content was invalid and could not be deserialized: '{problem}'.");
        error(400, "InvalidRequestContent", &text)
    })?;
    let readable = readable(world, asker, request.subscriptions.as_deref())?;
    let steps = parse(&request.query).map_err(|token| {
        let mut failure = serde_json::json!({ "code": "ParserFailure", "message": "ParserFailure" });
        if let Some(token) = token {
            failure["line"] = token.line.into();
            failure["characterPositionInLine"] = token.at.into();
            failure["token"] = token.text.into();
        }
        let text = "Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.";
        refused(world, 400, "BadRequest", &[detail("InvalidQuery", text), failure])
    })?;
    let mut rows = resources::rows(world, asker, &readable);
    for step in &steps {
        rows = run(step, rows);
    }
    answered(world, &steps, rows, &request.options)
}

/// Those of the asked subscriptions that the caller reads. One that it does not read is passed over without a
/// word, unless it is all there is.
fn readable<'w>(
    world: &'w World,
    asker: &Asker<'w>,
    asked: Option<&[String]>,
) -> Result<Vec<Subscription<'w>>, Answer> {
    let mut readable = asker.subscriptions(world);
    let Some(asked) = asked.filter(|asked| !asked.is_empty()) else {
        if readable.is_empty() {
            let text = "Access is denied to the requested resource. The user might not have enough permission.";
            let details = [detail("AccessDenied", text)];
            return Err(refused(world, 403, "AccessDenied", &details));
        }
        return Ok(readable);
    };
    if asked.iter().any(|id| !is_guid(id)) {
        let text = format!(
            "Subscriptions contain invalid GUIDs: '{}'.",
            asked.join(",")
        );
        let details = [detail("SubscriptionsContainInvalidGuids", &text)];
        return Err(refused(world, 400, "BadRequest", &details));
    }
    readable.retain(|one| asked.iter().any(|id| id.eq_ignore_ascii_case(&one.id)));
    if readable.is_empty() {
        let text = format!(
            "There must be at least one subscription that is eligible to contain resources. Given: '{}'.",
            asked.join(",")
        );
        let details = [detail("NoValidSubscriptionsInQueryRequest", &text)];
        return Err(refused(world, 400, "BadRequest", &details));
    }
    Ok(readable)
}

fn run(step: &Step, mut rows: Vec<Value>) -> Vec<Value> {
    match step {
        Step::Where(conditions) => {
            rows.retain(|row| conditions.iter().all(|condition| condition.holds(row)));
            rows
        }
        Step::Project(columns) => rows
            .iter()
            .map(|row| {
                let mut shown = serde_json::json!({});
                for column in columns {
                    shown[&column.name] = at(row, &column.path).clone();
                }
                shown
            })
            .collect(),
        Step::Order(orders) => {
            rows.sort_by(|left, right| {
                let mut found = orders.iter().map(|order| order.compare(left, right));
                found
                    .find(|order| order.is_ne())
                    .unwrap_or(std::cmp::Ordering::Equal)
            });
            rows
        }
        Step::Limit(most) => {
            rows.truncate(*most);
            rows
        }
    }
}

/// What stands at a path; null where nothing does.
fn at<'a>(row: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(row, |value, part| &value[part])
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

impl Condition {
    fn holds(&self, row: &Value) -> bool {
        let own = text_of(at(row, &self.path));
        let same = self
            .texts
            .iter()
            .any(|text| own == *text || (self.any_case && own.eq_ignore_ascii_case(text)));
        same != self.not
    }
}

impl Order {
    fn compare(&self, left: &Value, right: &Value) -> std::cmp::Ordering {
        let order = text_of(at(left, &self.path)).cmp(&text_of(at(right, &self.path)));
        if self.descending {
            order.reverse()
        } else {
            order
        }
    }
}
