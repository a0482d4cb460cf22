//! What requests and answers look like, for the OpenAPI document. The answers themselves are made of the domain's own
//! words; a test holds them to these shapes.

#![allow(missing_docs, reason = "a field is what its name says, and otherwise described")]

mod asked;
mod told;

use utoipa::ToSchema;

pub use self::{asked::*, told::*};

macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        #[derive(Debug, ToSchema)]
        $(#[$doc])*
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }
    )*};
}
use shapes;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($word:ident)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, ToSchema)]
        #[schema(rename_all = "snake_case")]
        pub enum $name {
            $(#[doc = stringify!($word)] $word,)*
        }
    )*};
}

words! {
    /// Where a conversation stands.
    ConversationStatus { Open Snoozed Closed }
    /// Whether a project takes messages.
    ProjectStatus { Open Closed }
    /// How urgent a conversation is.
    Priority { Urgent Normal Low }
    /// Where a queue entry stands.
    EntryState { Waiting Claimed Snoozed Paused Ended }
    /// What kind of author.
    AuthorKind { Candidate User System Api }
    /// What kind of message.
    MessageKind { Text Event Interview }
    /// What became of a row.
    RowStatus { Added WouldAdd Rejected }
    /// What kind of problem.
    ProblemCode { Invalid Unauthorized Forbidden NotFound Conflict ClaimedByOther ClaimLost ProjectClosed SlotTaken
        TooLarge RateLimited Busy ReadOnly Internal }
}
