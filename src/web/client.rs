//! Where a request comes from.

use std::{convert::Infallible, net::IpAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};

use super::WebState;
use crate::domain::access::Whence;

/// The address of the person's side, as far as it can be believed: the peer's, or, where the peer is a proxy that the
/// operator trusts, the last address in `X-Forwarded-For` that is not such a proxy.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<WebState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts, state))
    }
}

impl ClientAddress {
    /// The address of a request.
    #[must_use]
    pub fn of(parts: &Parts, state: &WebState) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<std::net::SocketAddr>>();
        let mut address = peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip());
        let named: Vec<_> = parts
            .headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        for entry in named.into_iter().rev() {
            if !(state.is_trusted_proxy)(address) {
                break;
            }
            let Ok(before) = entry.trim().parse() else { break };
            address = before;
        }
        Self(address.to_canonical())
    }

    /// The same, for whom it is that acts.
    #[must_use]
    pub const fn whence(self) -> Whence {
        Whence::Address(self.0)
    }
}
