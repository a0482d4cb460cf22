//! Calls the operator's webhook, signed by Standard Webhooks 1.0.0.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, header::CONTENT_TYPE};
use serde::Serialize;
use serde_json::Value;
use sha2::Sha256;
use url::Url;

use super::{
    Delivery, WrongSetting,
    client::{client, judged},
};
use crate::domain::{
    job::Failure,
    time::Timestamp,
    webhook::{Webhook, WebhookSecret},
};

/// Calls one address.
#[derive(Debug)]
pub(super) struct Caller {
    client: Client,
    url: Url,
    secret: WebhookSecret,
}

/// What the receiver reads; the same at every try.
#[derive(Serialize)]
struct Body<'a> {
    r#type: &'a str,
    timestamp: Timestamp,
    data: &'a Value,
}

impl Caller {
    pub(super) fn new(url: &Url, secret: &WebhookSecret) -> Result<Self, WrongSetting> {
        Ok(Self { client: client("alert_webhook_url")?, url: url.clone(), secret: secret.clone() })
    }

    pub(super) async fn call(&self, delivery: Delivery, webhook: &Webhook) -> Result<(), Failure> {
        let body = Body { r#type: &webhook.event, timestamp: delivery.made_at, data: &webhook.data };
        let body = serde_json::to_string(&body).map_err(|_| Failure::for_good("what is to be told is no JSON"))?;
        let id = delivery.id.to_string();
        // Of this try, in seconds: the receiver refuses what is old, so that nobody can play it again.
        let timestamp = delivery.now.unix_millis() / 1_000;
        let signature = sign(&self.secret, &id, timestamp, &body);
        let request = self.client.post(self.url.clone()).header(CONTENT_TYPE, "application/json");
        let request = request
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature);
        judged("the receiver of the webhook", request.body(body).send().await)
    }
}

/// The signature's header: version 1, HMAC-SHA256 of id, time and body.
fn sign(secret: &WebhookSecret, id: &str, timestamp: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.key()).expect("a key of any length will do");
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_reference_implementations() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().unwrap();
        let signature = sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
