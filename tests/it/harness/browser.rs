//! A browser without JavaScript: cookies, forms with their CSRF field, redirects shown and not followed.

use std::sync::Arc;

use reqwest::{
    Client, Method, RequestBuilder, Response,
    cookie::{CookieStore, Jar},
    header::{CONTENT_TYPE, HeaderMap, LOCATION},
    redirect::Policy,
};
use scraper::{Html, Selector};

use super::{Server, calls::Call};

/// One browser.
pub struct Browser {
    client: Client,
    jar: Arc<Jar>,
    base: String,
    csrf: String,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub headers: HeaderMap,
    pub text: String,
}

impl Browser {
    /// Nobody's yet, but with a page opened, so that its forms are believed.
    pub async fn open(server: &Server) -> Self {
        Self::open_at(&server.url()).await
    }

    /// As [`Browser::open`], of a server that runs elsewhere.
    pub async fn open_at(url: &str) -> Self {
        let jar = Arc::new(Jar::default());
        let client = Client::builder().cookie_provider(jar.clone()).redirect(Policy::none()).build().unwrap();
        let mut browser = Self { client, jar, base: url.to_owned(), csrf: String::new() };
        let page = browser.get("/sign-in").await;
        let field = Selector::parse("input[name=csrf]").unwrap();
        let page = Html::parse_document(&page.text);
        let csrf = page.select(&field).next().expect("a form").value().attr("value").unwrap();
        csrf.clone_into(&mut browser.csrf);
        browser
    }

    /// With somebody's cookie, such as `hearback_session=…`.
    pub async fn of(server: &Server, cookie: &str) -> Self {
        Self::of_at(&server.url(), cookie).await
    }

    /// As [`Browser::of`], of a server that runs elsewhere.
    pub async fn of_at(url: &str, cookie: &str) -> Self {
        let browser = Self::open_at(url).await;
        browser.jar.add_cookie_str(cookie, &browser.base.parse().unwrap());
        browser
    }

    /// What its forms carry.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// The value of a cookie that it keeps.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let all = self.jar.cookies(&self.base.parse().unwrap())?;
        let all = all.to_str().unwrap().split("; ").find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        all.map(str::to_owned)
    }

    /// A request of any kind, with its cookies; to be changed and then sent by [`Browser::send`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        read(request.send().await.unwrap()).await
    }

    /// Signs in; gives the answer.
    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.post("/sign-in", &[("email", email), ("password", password)]).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        read(self.client.get(format!("{}{path}", self.base)).send().await.unwrap()).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &self.csrf).extend_pairs(fields);
        let request = self.client.post(format!("{}{path}", self.base));
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.finish());
        read(request.send().await.unwrap()).await
    }

    /// Sends what may be no form at all.
    pub async fn post_text(&self, path: &str, text: &str) -> Answer {
        let csrf = url::form_urlencoded::Serializer::new(String::new()).append_pair("csrf", &self.csrf).finish();
        let request = self.client.post(format!("{}{path}", self.base));
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        read(request.body(format!("{csrf}&{text}")).send().await.unwrap()).await
    }

    /// Sends a form that may carry a file.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let part = |(name, value): &(&str, &str)| {
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let csrf = ("csrf", self.csrf.as_str());
        let parts = std::iter::once(&csrf).chain(fields).map(part);
        let request = self.client.post(format!("{}{path}", self.base));
        let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=edge");
        read(request.body(parts.collect::<String>() + "--edge--\r\n").send().await.unwrap()).await
    }

    /// Sends a request of a program.
    pub async fn call(&self, method: Method, path: &str, token: &str, body: Option<&serde_json::Value>) -> Answer {
        let request = self.client.request(method, format!("{}{path}", self.base)).bearer_auth(token);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        read(request.send().await.unwrap()).await
    }

    /// Sends a call of the walk.
    pub async fn make(&self, call: &Call, token: &str) -> Answer {
        let method: Method = call.method.to_uppercase().parse().unwrap();
        let request = self.client.request(method, format!("{}{}", self.base, call.address())).bearer_auth(token);
        let request = match call.body() {
            Some((kind, text)) => request.header(CONTENT_TYPE, kind).body(text),
            None => request,
        };
        read(request.send().await.unwrap()).await
    }
}

/// Reads an answer to its end.
pub async fn read(response: Response) -> Answer {
    let status = response.status().as_u16();
    let location = response.headers().get(LOCATION).map(|value| value.to_str().unwrap().to_owned());
    let headers = response.headers().clone();
    Answer { status, location, headers, text: response.text().await.unwrap_or_default() }
}
