import { test } from "vitest";
import { readFileSync, writeFileSync } from "node:fs";
import { playExample } from "./wire/example.js";
import { toHex } from "../src/core/base/text.js";
test("fill",()=>{ const e=playExample(); let p=readFileSync("WIRE.md","utf8"); const id=e.host.identity;
const set=(k:string,v:string)=>{p=p.replace("\n"+k+"\n","\n"+v+"\n").replace(new RegExp("( )"+k+"\n"),"$1"+v+"\n");};
set("GAMEID",id.gameId);set("SESSIONID",id.sessionId);set("MATCHID",id.matchId);set("KAIROS",id.kairos);set("SEED",toHex(id.seed));set("INVITE",e.invite);
const rows=(b:Uint8Array,parts:[number|"rest"|"zeros",string][])=>{let at=0;const out:string[]=[];for(const [n,label] of parts){const len=typeof n==="number"?n:0;if(n==="zeros"){const c=b.length-16-at;out.push(`${c} × 00  ${label}`);at+=c;continue;}
 for(let i=0;i<len;i+=24){const c=toHex(b.subarray(at+i,at+Math.min(len,i+24)));out.push(i===0?`${c}  ${label}`:c);}at+=len;} if(at!==b.length) throw new Error(at+" of "+b.length);
 const w=Math.min(48,Math.max(...out.map(l=>l.split("  ")[0]!.length)));return out.map(l=>{const [h,c]=l.split("  ");return c?h!.padEnd(w)+"  "+c:h!;}).join("\n");};
const head:[number,string][]=[[1,"type"],[4,"magic"],[2,"protocol 1"],[16,"token"]];
const [hello,chal,join,roster]=e.handshake as [Uint8Array,Uint8Array,Uint8Array,Uint8Array];
set("HELLO",rows(hello,[...head,[32,"SessionId"],["zeros","padding"],[16,"tag"]]));
set("CHALLENGE",rows(chal,[...head,[4,"cookie: epoch 0"],[16,"cookie: hash"],[16,"host's nonce"],[2,"length 226"],[226,"manifest"],[16,"tag"]]));
set("JOIN",rows(join,[...head,[20,"cookie"],[32,"Ed25519 key"],[32,"X25519 key"],[1,"1 slot"],[64,"signature"],["zeros","padding"],[16,"tag"]]));
set("ROSTER",rows(roster,[...head,[1,"2 peers"],[32,"peer 0: Ed25519 key"],[32,"X25519 key"],[1,"slot 0"],[1,"network:emit"],[1,"no address"],[32,"peer 1: Ed25519 key"],[32,"X25519 key"],[1,"slot 1"],[1,"network:emit"],[1,"18 bytes"],[18,"udp:192.0.2.2:5555"],[64,"signature"],[16,"tag"]]));
set("DATAGRAM",rows(e.datagram,[[1,"a match's datagram"],[2,"number 1"],[1,"flags: report"],[1,"base 4"],[1,"count 4: ticks 5 to 8"],[1,"head 4 + 2 = 6"],[1,"ack 6 − 3 = 3"],[1,"lead 1"],[1,"depth 2"],[1,"report of tick 6 − 3 = 3"],[8,"its NodeId begins so (made up)"],[1,"run: 1 tick repeats (5)"],[1,"tick 6: 2 events"],[1,"kind 1, move, payload follows"],[2,"x 1, y 0"],[1,"kind 0, fire, payload follows: no bytes"],[1,"2 ticks repeat (7, 8): move alone"],[8,"tag"]]));
writeFileSync("WIRE.md",p);
});
