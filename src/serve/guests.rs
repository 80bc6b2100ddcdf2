//! Who is connected: so many at a time, and always room for one more.
//!
//! Whoever opens connections and says nothing, or does not take the answer, would keep others out. So
//! when all places are taken, the connection that has waited longest is cut, one of the client that
//! has most of them. Only what is being evaluated is not cut; that has limits of its own, and never
//! takes all places.

use std::net::{IpAddr, Ipv6Addr, Shutdown, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

/// Connections at a time.
pub(super) const MAX: usize = 256;

/// Connections at a time of one client that is another machine.
const MAX_OF_CLIENT: usize = 64;

/// Connections whose question is being evaluated.
const MAX_ASKING: usize = 192;

/// Of one client that is another machine.
const MAX_ASKING_OF_CLIENT: usize = 16;

/// The connections.
#[derive(Default)]
pub(super) struct Guests {
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    places: Vec<Taken>,
    /// Counts who comes and who is answered.
    clock: u64,
}

/// A place that is taken.
struct Taken {
    /// Greater for whoever came, or was answered, later.
    since: u64,
    id: u64,
    client: IpAddr,
    asks: bool,
    stream: TcpStream,
}

/// The place of a connection, which is free when this is dropped.
pub(super) struct Place {
    guests: Arc<Guests>,
    id: u64,
}

/// While it lives, a question is evaluated.
pub(super) struct Turn<'p>(&'p Place);

impl Guests {
    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a connection a place; `None` if all are taken by those who are being answered.
    pub(super) fn admit(self: &Arc<Self>, stream: &TcpStream) -> Option<Place> {
        let client = client(stream.peer_addr().ok()?.ip());
        let stream = stream.try_clone().ok()?;
        let mut table = self.table();
        let full_for = |places: &[Taken], one: Option<IpAddr>| match one {
            Some(client) => {
                !client.is_loopback()
                    && places.iter().filter(|it| it.client == client).count() >= MAX_OF_CLIENT
            }
            None => places.len() >= MAX,
        };
        for one in [Some(client), None] {
            if full_for(&table.places, one) {
                let cut = longest_waiting(&table.places, one)?;
                table.places.swap_remove(cut).stream.shutdown(Shutdown::Both).ok();
            }
        }
        let id = table.tick();
        table.places.push(Taken { since: id, id, client, asks: false, stream });
        Some(Place { guests: Arc::clone(self), id })
    }

    /// True if places are scarce.
    pub(super) fn is_crowded(&self) -> bool {
        self.table().places.len() > MAX / 2
    }
}

impl Table {
    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }
}

/// The connection that is cut first: of a client if one is given, else of the one that has most.
fn longest_waiting(places: &[Taken], client: Option<IpAddr>) -> Option<usize> {
    let mut counts: FxHashMap<IpAddr, usize> = FxHashMap::default();
    for it in places {
        *counts.entry(it.client).or_default() += 1;
    }
    let waiting = places.iter().enumerate().filter(|(_, it)| !it.asks);
    let waiting = waiting.filter(|(_, it)| client.is_none_or(|client| client == it.client));
    let order = |it: &Taken| (std::cmp::Reverse(counts[&it.client]), it.since);
    waiting.min_by_key(|(_, it)| order(it)).map(|(at, _)| at)
}

/// A client as it is counted: a machine may use many addresses of its network in the newer protocol.
fn client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

impl Place {
    /// A turn to have something evaluated; `None` if too many have one.
    pub(super) fn turn(&self) -> Option<Turn<'_>> {
        let places = &mut self.guests.table().places;
        let at = places.iter().position(|it| it.id == self.id)?;
        let client = places[at].client;
        let asking = || places.iter().filter(|it| it.asks);
        let of_client = asking().filter(|it| it.client == client && !client.is_loopback());
        if asking().count() >= MAX_ASKING || of_client.count() >= MAX_ASKING_OF_CLIENT {
            return None;
        }
        places[at].asks = true;
        Some(Turn(self))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut table = self.0.guests.table();
        let now = table.tick();
        if let Some(place) = table.places.iter_mut().find(|it| it.id == self.0.id) {
            (place.asks, place.since) = (false, now);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.guests.table().places.retain(|it| it.id != self.id);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::TcpListener;

    use super::*;

    /// A connection: our side and the other.
    fn connection() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let other = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (listener.accept().unwrap().0, other)
    }

    fn is_cut(mut stream: &TcpStream) -> bool {
        stream.set_nonblocking(true).unwrap();
        matches!(stream.read(&mut [0]), Ok(0))
    }

    #[test]
    fn who_waits_longest_makes_room() {
        let guests = Arc::new(Guests::default());
        let connections: Vec<_> = (0..MAX).map(|_| connection()).collect();
        let places: Vec<Place> =
            connections.iter().map(|(ours, _)| guests.admit(ours).unwrap()).collect();
        // The first one is being answered, the second was.
        let turn = places[0].turn().unwrap();
        drop(places[1].turn().unwrap());
        let (ours, _other) = connection();
        let late = guests.admit(&ours).unwrap();
        let cut: Vec<usize> = (0..MAX).filter(|&at| is_cut(&connections[at].1)).collect();
        assert_eq!(cut, [2]);
        assert!(places[2].turn().is_none() && late.turn().is_some());
        drop((turn, late));
        assert_eq!(guests.table().places.len(), MAX - 1);
    }

    #[test]
    fn questions_never_take_all_places() {
        let guests = Arc::new(Guests::default());
        let connections: Vec<_> = (0..MAX).map(|_| connection()).collect();
        let places: Vec<Place> =
            connections.iter().map(|(ours, _)| guests.admit(ours).unwrap()).collect();
        let turns: Vec<Turn> = places.iter().filter_map(Place::turn).collect();
        assert_eq!(turns.len(), MAX_ASKING);
        assert!(guests.admit(&connection().0).is_some());
    }

    #[test]
    fn addresses_of_one_network_are_one_client() {
        let of = |text: &str| client(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
        assert!(of("::1").is_loopback() && of("::ffff:127.0.0.1").is_loopback());
    }
}
