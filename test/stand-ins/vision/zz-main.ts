import { Session } from 'node:inspector/promises';
import { writeFileSync } from 'node:fs';
import { startVisionStandIn } from '/work/main/test/stand-ins/vision/server.ts';
await startVisionStandIn({port:11599, slots:8, latencyMs:200});
const s=new Session(); s.connect(); await s.post('Profiler.enable'); 
setTimeout(async()=>{  const c0=process.cpuUsage(); setTimeout(async()=>{ const c=process.cpuUsage(c0); console.log('cpu ms over 8 s', c.user/1000, c.system/1000);  for (const t of (await import('node:fs')).readdirSync('/proc/self/task')) {const f=(await import('node:fs')).readFileSync('/proc/self/task/'+t+'/stat','utf8').split(' '); if (+f[13]!+ +f[14]!>5) console.log(f[1],f[13],f[14]);} process.exit(0); },8000); }, 15000);
