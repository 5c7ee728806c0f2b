// Node's ws: one send after the other.
const { WebSocketServer } = require("ws");

const rooms = new Map();
const server = new WebSocketServer({ port: Number(process.argv[2]), host: "127.0.0.1", perMessageDeflate: false, backlog: 4096 });
server.on("connection", (socket, request) => {
  if (!rooms.has(request.url)) rooms.set(request.url, new Set());
  const room = rooms.get(request.url);
  room.add(socket);
  socket.send('{"type":"joined"}');
  socket.on("message", (said, isBinary) => {
    for (const member of room) if (member.readyState === 1) member.send(said, { binary: isBinary });
  });
  socket.on("close", () => room.delete(socket));
  socket.on("error", () => {});
});
