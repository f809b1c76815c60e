/** Sockets at a time, of every kind. A member takes 12.4 KiB at rest. */
export const MAX_CONNECTIONS = 10_000;
/** Members of rooms from one address: a school behind one router. */
export const MAX_MEMBERS_PER_ADDRESS = 128;
/** Sockets that have not yet entered a room; past it the oldest of them is dropped. */
export const MAX_NEWCOMERS = 1_024;
/** Of those, from one address; past it the oldest from there is dropped. */
export const MAX_NEWCOMERS_PER_ADDRESS = 256;
/** Rooms at a time. */
export const MAX_ROOMS = 5_000;
/** Ids that a room gives out in its time; the byte before a datagram names no more. */
export const MAX_ROOM_IDS = 256;
/** How long a WebSocket may be open before its first word, and a request take for its head. */
export const FIRST_WORD_MS = 5_000;
/** Text messages a second from one connection, and how many at once: seven paths with their candidates. */
export const TEXTS_PER_SECOND = 20;
export const TEXTS_AT_ONCE = 200;
/** Bytes of text a second from one connection, and how many at once: seven descriptions of 16 KiB each. */
export const TEXT_BYTES_PER_SECOND = 32_768;
export const TEXT_BYTES_AT_ONCE = 262_144;
/**
 * Bytes to be relayed a second from one connection, each datagram counted with `DATAGRAM_COST_BYTES`, and how many at
 * once: 7 others × 60 Hz × (1,200 + 100) = 546,000. What is above is dropped.
 */
export const RELAY_BYTES_PER_SECOND = 1_048_576;
export const RELAY_BYTES_AT_ONCE = 2_097_152;
/** Requests, and words of those who are in no room, that one address may send a second. */
export const REQUESTS_PER_SECOND = 50;
/** Of those, what ten seconds allow may come at once: a page with its files, for a class of children. */
export const REQUEST_SECONDS_AT_ONCE = 10;
/** Addresses remembered; past it those without a WebSocket are forgotten, with what they have spent. */
export const MAX_ADDRESSES = 16_384;
/** What a datagram costs beside its bytes. */
export const DATAGRAM_COST_BYTES = 100;
/** A connection that sends so many times its budget is ended. */
export const FLOOD_FACTOR = 4;
/** One address may have relayed so many times what one connection may. */
export const ADDRESS_FACTOR = 16;
/** Bytes that wait for a receiver: above it datagrams to it are dropped. */
export const MAX_STALE_BYTES = 16_384;
/** Messages of any length that wait for a receiver: above it datagrams to it are dropped. */
export const MAX_STALE_MESSAGES = 256;
/** Bytes that wait for a receiver: above it the connection is ended. 16 of the longest texts. */
export const MAX_WAITING_BYTES = 262_144;
/** Messages of any length that wait for a receiver: above it the connection is ended. */
export const MAX_WAITING_MESSAGES = 1_024;
/** Head of a request. */
export const MAX_HEADER_BYTES = 8_192;
/** Lines of it. */
export const MAX_HEADERS = 64;
/** How long a request may take to come in whole. */
export const REQUEST_MS = 10_000;
/** How long a socket may move nothing, and how long it is kept for a further request. */
export const IDLE_MS = 15_000;
/** Requests on one socket. */
export const MAX_REQUESTS_PER_SOCKET = 256;
/** Bytes of all files of the page, which stay in memory, and again at most as many compressed. */
export const MAX_PAGE_BYTES: number = 64 * 1024 * 1024;
/** Files of the page. */
export const MAX_PAGE_FILES = 4_096;
/** Events told a second, of those that others can cause. */
export const EVENTS_PER_SECOND = 100;
/** Of those, how many at once. */
export const EVENTS_AT_ONCE = 1_000;
/** Fields of what two members tell each other to open a path. */
export const MAX_SIGNAL_FIELDS = 8;
/** Bytes of it as the server writes it: with what stands around it the text stays within 16,384. */
export const MAX_SIGNAL_DATA_BYTES = 16_320;
/** Longest time that a server which ends relays on. */
export const MAX_DRAIN_MS = 3_600_000;
/** Fragments of one WebSocket message. */
export const MAX_MESSAGE_FRAGMENTS = 64;
/** How often an end is asked whether it is still there; one that has not answered by the next time is gone. */
export const PING_MS = 15_000;
/** How long an ended WebSocket may take to close. */
export const CLOSE_WAIT_MS = 2_000;
