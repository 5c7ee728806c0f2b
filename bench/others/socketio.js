// Socket.IO, WebSocket only.
const server = require("http").createServer();
const { Server } = require("socket.io");

const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });
io.on("connection", (socket) => {
  socket.on("join", (room) => {
    socket.data.room = room;
    socket.join(room);
    socket.emit("joined");
  });
  socket.on("m", (said) => io.to(socket.data.room).emit("m", said));
});
server.listen(Number(process.argv[2]), "127.0.0.1", 4096);
