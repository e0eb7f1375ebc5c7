using Congress.Data;

namespace Congress.Bus.Protocol;

/// <summary>Asks for a table from a state on. An answer echoes the subscription and the generation; others are void.</summary>
/// <param name="Subscription">The subscriber's number for it, distinct among those of its node.</param>
/// <param name="Generation">Rises each time the subscriber asks (again).</param>
/// <param name="Table">The service and its table.</param>
/// <param name="Epoch">The epoch of the rows that the subscriber has.</param>
/// <param name="Sequence">Their sequence number.</param>
internal sealed record Subscribe(ulong Subscription, uint Generation, TableName Table, Epoch Epoch, ulong Sequence) : Frame;

/// <summary>The subscriber wants no more.</summary>
internal sealed record Unsubscribe(ulong Subscription) : Frame;

/// <summary>The publisher will not answer a <see cref="Subscribe"/>.</summary>
internal sealed record SubscribeRefused(ulong Subscription, uint Generation, string Reason) : Frame;

/// <summary>Changes that follow each other, in parts. Applies only to the state just before the first.</summary>
internal sealed record Deltas(ulong Subscription, uint Generation, Epoch Epoch, IReadOnlyList<DeltaPart> Parts) : Frame;

/// <summary>A change of a table or, when it is too large for a frame, a part of one.</summary>
/// <param name="Sequence">The number of the state that the whole change leads to.</param>
/// <param name="Part">Which part, from 0.</param>
/// <param name="IsLast">Whether the change is complete with it.</param>
/// <param name="Inserted">Rows that the table did not have.</param>
/// <param name="Deleted">Rows that it had.</param>
internal readonly record struct DeltaPart(ulong Sequence, uint Part, bool IsLast, ReadOnlyMemory<Row> Inserted, ReadOnlyMemory<Row> Deleted);

/// <summary>Some of the rows of a state. The state counts when all its chunks are there and their rows have its hash.</summary>
internal sealed record SnapshotChunk(
    ulong Subscription, uint Generation, Epoch Epoch, ulong Sequence, uint Index, ulong TotalRows, UInt128 Hash, ReadOnlyMemory<Row> Rows) : Frame;

/// <summary>The subscriber has room again.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Generation">The generation of the answer.</param>
/// <param name="Frames">How many frames of this generation the subscriber has taken over.</param>
internal sealed record Ack(ulong Subscription, uint Generation, uint Frames) : Frame;

/// <summary>The sender lives; this is what it hosts, and how far the tables are that the receiver follows.</summary>
internal sealed record Heartbeat(IReadOnlyList<ServiceEntry> Services, IReadOnlyList<TableMark> Marks) : Frame;

/// <summary>A service of a node, as the directory has it.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Start">Which start in this process, from 1.</param>
/// <param name="IsActive">Whether it may publish and be called; otherwise it waits for a lease or for its restart.</param>
/// <param name="Fence">The fencing token of its lease, 0 without.</param>
/// <param name="Tables">The tables that it has published or says that it will.</param>
/// <param name="Methods">The methods that it answers.</param>
internal sealed record ServiceEntry(string Service, uint Start, bool IsActive, ulong Fence, IReadOnlyList<string> Tables, IReadOnlyList<string> Methods);

/// <summary>How far a publisher is in a table that the receiver follows.</summary>
/// <param name="Subscription">The receiver's subscription.</param>
/// <param name="Generation">The generation that is being answered.</param>
/// <param name="Epoch">The epoch of the table.</param>
/// <param name="Sequence">Its newest state.</param>
/// <param name="Hash">The hash of its rows.</param>
/// <param name="Frames">How many frames of the generation were sent; 0 when all of them are acknowledged.</param>
internal readonly record struct TableMark(ulong Subscription, uint Generation, Epoch Epoch, ulong Sequence, UInt128 Hash, uint Frames);

/// <summary>The sender leaves on purpose.</summary>
internal sealed record Bye : Frame;

/// <summary>The receiver of a <see cref="Bye"/> has taken it in.</summary>
internal sealed record ByeAck : Frame;
