//! Operators see what went wrong, and have it done again or never.

use axum::http::StatusCode;
use hearback::domain::{
    ids::{Id, JobId},
    job::{JobState, NewJob},
};

use super::{SECRET, call, counted};
use crate::harness::{
    Browser, Server, Tenant, act::schedule, receiver::Receiver, tenant::operators_cookie, wait::until,
};

struct House {
    server: Server,
    receiver: Receiver,
    operator: Browser,
}

impl House {
    async fn open() -> Self {
        let receiver = Receiver::start_by(|_| StatusCode::BAD_GATEWAY).await;
        let flags = ["--alert-webhook-url", &receiver.url, "--alert-webhook-secret", SECRET];
        let server = Server::start_with(&flags).await;
        let operator = Browser::of(&server, &operators_cookie(server.app()).await).await;
        Self { server, receiver, operator }
    }

    /// Schedules one and has it fail five times.
    async fn fail(&self) -> JobId {
        let id = schedule(self.server.app(), NewJob::now(call("bad"))).await;
        for tries in 2..=6 {
            until("the next try to be waited for", || async {
                let page = self.operator.get("/admin").await.text;
                (page.contains(&format!("/admin/jobs/{id}/retry")) && page.contains("502 Bad Gateway")).then_some(())
            })
            .await;
            if tries < 6 {
                self.server.clock.set(self.server.clock.now().plus(chrono::TimeDelta::seconds(721)));
                self.receiver.called("bad", tries).await;
            }
        }
        counted(self.server.app(), JobState::Failed, 1).await;
        id
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sees_why_a_job_was_set_aside_and_has_it_done_again() {
    let house = House::open().await;
    let page = house.operator.get("/admin").await.text;
    assert!(page.contains("Nothing is set aside.") && page.contains("Nothing waits."), "{page}");
    let id = house.fail().await;
    let page = house.operator.get("/admin").await.text;
    assert!(page.contains("the receiver of the webhook answered 502 Bad Gateway"), "{page}");
    assert!(page.contains("tried 5 times") && page.contains("Set aside: 1"), "{page}");

    house.receiver.judge(|_| StatusCode::OK);
    let answer = house.operator.post(&format!("/admin/jobs/{id}/retry"), &[]).await;
    assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/admin?done=job-retried")));
    counted(house.server.app(), JobState::Done, 1).await;
    let ids = house.receiver.called("bad", 6).await;
    assert!(ids.iter().all(|called| *called == id.to_string()), "{ids:?}");
    assert!(house.operator.get("/admin?done=job-retried").await.text.contains("tried again at once"));
    let again = house.operator.post(&format!("/admin/jobs/{id}/retry"), &[]).await;
    assert_eq!(again.status, 409, "it is done");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_discards_what_need_not_be_done_and_nobody_else_does() {
    let house = House::open().await;
    let acme = Tenant::create(house.server.app(), "acme").await;
    let [waiting, _] = acme.jobs;
    let recruiter = Browser::of(&house.server, &acme.owner.cookie()).await;
    for act in ["retry", "discard"] {
        assert_eq!(recruiter.post(&format!("/admin/jobs/{waiting}/{act}"), &[]).await.status, 403);
        let unknown = JobId::from(acme.organization.id.uuid());
        assert_eq!(house.operator.post(&format!("/admin/jobs/{unknown}/{act}"), &[]).await.status, 404);
    }
    let discard = format!("/admin/jobs/{waiting}/discard");
    assert_eq!(house.operator.post(&discard, &[]).await.location.as_deref(), Some("/admin?done=job-discarded"));
    assert_eq!(house.operator.post(&discard, &[]).await.status, 404, "it is gone");
    counted(house.server.app(), JobState::Waiting, 1).await;

    house.receiver.answers(false);
    let running = schedule(house.server.app(), NewJob::now(call("held"))).await;
    house.receiver.called("held", 1).await;
    for act in ["retry", "discard"] {
        let answer = house.operator.post(&format!("/admin/jobs/{running}/{act}"), &[]).await;
        assert_eq!(answer.status, 409);
        assert!(answer.text.contains("being done at this moment"));
    }
    house.receiver.answers(true);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organizations_jobs_go_with_it() {
    let house = House::open().await;
    let app = house.server.app();
    let acme = Tenant::create(app, "acme").await;
    Tenant::create(app, "other").await;
    counted(app, JobState::Waiting, 4).await;
    let operator = hearback::domain::access::Operator::command_line();
    hearback::app::organizations::remove(app, operator, acme.organization.id).await.unwrap();
    counted(app, JobState::Waiting, 2).await;
}
