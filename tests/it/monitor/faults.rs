//! Real faults in a running server are told and, once they are over, told to be over.
