//! What nobody has read of a request.
//!
//! A client that is still sending when the connection is closed under it is told so by its system, and never sees the
//! answer that went before (RFC 9112, section 9.6). So what is left of a refused request is read and thrown away first.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Error,
    body::{Body, BodyDataStream, Bytes},
    extract::Request,
    http::header,
    middleware::Next,
    response::Response,
};
use futures::{Stream, StreamExt};
use tokio::{sync::oneshot, time::timeout};

/// How much of a request is thrown away at most, in bytes; whoever sends more does not see the answer.
const MOST: usize = 32 << 20;
/// How long that may take, also until it is let go of.
const PATIENCE: Duration = Duration::from_secs(10);

/// A body in somebody's hands; it comes back when they let go of it.
struct Lent {
    body: Option<BodyDataStream>,
    back: Option<oneshot::Sender<BodyDataStream>>,
}

impl Stream for Lent {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let polled = body.poll_next_unpin(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        polled
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let (Some(body), Some(back)) = (self.body.take(), self.back.take()) {
            // Nobody waits for it where the client has gone.
            drop(back.send(body));
        }
    }
}

/// Reads the rest of a request before its answer goes out.
pub async fn layer(request: Request, next: Next) -> Response {
    // Who asks before sending has nothing on its way.
    if request.method().is_safe() || request.headers().contains_key(header::EXPECT) {
        return next.run(request).await;
    }
    let (back, returned) = oneshot::channel();
    let lend = |body: Body| Body::from_stream(Lent { body: Some(body.into_data_stream()), back: Some(back) });
    let response = next.run(request.map(lend)).await;
    drop(timeout(PATIENCE, discard(returned)).await);
    response
}

async fn discard(returned: oneshot::Receiver<BodyDataStream>) {
    let Ok(mut rest) = returned.await else { return };
    let mut discarded = 0;
    while discarded < MOST
        && let Some(Ok(bytes)) = rest.next().await
    {
        discarded += bytes.len();
    }
}
