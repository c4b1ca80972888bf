/**
 * Shell lines, for a sandbox's set-up, that begin two FTP sessions over the loopback interface, of IPv4 and of IPv6, and
 * wait until the kernel's helper expects the data connection of each: to port 50000 of 127.0.0.1 and 50001 of ::1.
 */
export const EXPECTATIONS = `
nft -f - << 'END'
table inet ftp {
  ct helper ftp { type "ftp" protocol tcp; }
  chain output { type filter hook output priority 0; tcp dport 21 ct helper set "ftp"; }
  chain input { type filter hook input priority 0; ct state established accept; }
}
END
cat > /mnt/ftp.mjs << 'END'
import { connect, createServer } from 'node:net';
// The helper reads a line only behind one that it has seen.
const say = (host, line) => {
  const lines = ['USER anonymous', line];
  connect(21, host).on('data', function () {
    if (lines.length > 0) this.write(lines.shift() + '\\r\\n');
  });
};
createServer((socket) => {
  socket.write('220 ready\\r\\n');
  socket.on('data', () => socket.write('200 ok\\r\\n'));
}).listen(21, '::', () => {
  say('127.0.0.1', 'PORT 127,0,0,1,195,80');
  say('::1', 'EPRT |2|::1|50001|');
});
END
/mnt/node /mnt/ftp.mjs > /dev/null 2>&1 < /dev/null &
for _ in {1..100}; do
  [ "$(wc -l < /proc/net/nf_conntrack_expect)" = 2 ] && break
  sleep 0.05
done
[ "$(wc -l < /proc/net/nf_conntrack_expect)" = 2 ]`;
