using Congress.Data;

namespace Congress.Transport.NetMQ;

/// <summary>Moves the messages of some endpoints of a transport, until it is disposed: then nothing runs any more. What the messages mean is the same for all engines (<see cref="Sessions.Session"/>).</summary>
internal interface IEngine : IAsyncDisposable
{
    /// <summary>Begins to accept links.</summary>
    /// <returns>The endpoint, with the port that it has got.</returns>
    /// <exception cref="IOException">The endpoint cannot be bound.</exception>
    BusEndpoint Listen(BusEndpoint endpoint);

    /// <summary>Begins to keep a link with a peer.</summary>
    void Dial(NodeId peer, BusEndpoint endpoint);

    /// <summary>Closes the links whose keys are not trusted any more.</summary>
    void Recheck(TlsKeys keys);
}
