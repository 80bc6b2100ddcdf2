//! Quotations, with the mentions that speak in them.

use super::{Links, SieveInput};
use crate::document::{Label, Quotation, quotation_around};

/// The quotations of a document, and who speaks.
pub(super) struct Quotes<'a> {
    all: &'a [Quotation],
    /// The mention that speaks in each.
    speakers: Vec<Option<usize>>,
}

impl<'a> Quotes<'a> {
    pub(super) fn new(input: &SieveInput, links: &Links, all: &'a [Quotation]) -> Self {
        let speaker = |quotation: &Quotation| {
            let speaker = quotation.speaker?;
            let first = input.mentions.partition_point(|it| it.sentence < speaker.sentence);
            let own = (first..input.mentions.len())
                .take_while(|&mention| input.mentions[mention].sentence == speaker.sentence);
            let mut headed = own.filter(|&mention| input.mentions[mention].head == speaker.token);
            headed.find(|&mention| {
                matches!(links.known(mention).label, Some(Label::Person | Label::Org) | None)
            })
        };
        Self { all, speakers: all.iter().map(speaker).collect() }
    }

    /// The number of the quotation that covers a byte.
    pub(super) fn around(&self, at: u32) -> Option<usize> {
        quotation_around(self.all, at)
    }

    /// The number of the last quotation that ends before a byte.
    pub(super) fn last_before(&self, at: u32) -> Option<usize> {
        self.all.partition_point(|quotation| quotation.span.end <= at).checked_sub(1)
    }

    /// Who speaks in a quotation.
    pub(super) fn speaker(&self, quote: usize) -> Option<usize> {
        self.speakers[quote]
    }
}
