using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Congress.Transport.NetMQ;

/// <summary>How an endpoint is reached.</summary>
internal enum Scheme
{
    Tcp,
    Tls,
    Unix,
}

/// <summary>A place to listen at or to dial, read from its text.</summary>
/// <param name="Scheme">How it is reached.</param>
/// <param name="Host">An address, a name, or <c>*</c> for all addresses of this machine; for a Unix socket the path.</param>
/// <param name="Port">The port; 0 for any, and for a Unix socket.</param>
internal sealed record BusEndpoint(Scheme Scheme, string Host, int Port)
{
    // The path of a Unix socket, with the zero that ends it, fits into 108 bytes.
    private const int MaxPath = 107;

    /// <summary>Whether nobody outside of this machine can be at the other end. A name counts only as <c>localhost</c>, whatever the resolver says.</summary>
    public bool IsLocal => Scheme == Scheme.Unix || (Address is { } address && IPAddress.IsLoopback(address));

    /// <summary>The address, when the host is one or stands for one.</summary>
    public IPAddress? Address => Host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        _ => IPAddress.TryParse(Host, out var address) ? address : null,
    };

    /// <summary>Reads an endpoint.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is the endpoint of, for the message.</param>
    /// <param name="listens">Whether it is to be listened at.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static BusEndpoint Parse(string? text, string what, bool listens)
    {
        const string expected = "expected tcp://ADDRESS:PORT, tls://ADDRESS:PORT or unix:///PATH";
        var (scheme, rest) = text switch
        {
            not null when text.StartsWith("tcp://", StringComparison.Ordinal) => (Scheme.Tcp, text[6..]),
            not null when text.StartsWith("tls://", StringComparison.Ordinal) => (Scheme.Tls, text[6..]),
            not null when text.StartsWith("unix://", StringComparison.Ordinal) => (Scheme.Unix, text[7..]),
            _ => throw new ArgumentException($"{what}: '{text}' is no endpoint; {expected}", nameof(text)),
        };
        if (scheme == Scheme.Unix)
        {
            return rest.StartsWith('/') && System.Text.Encoding.UTF8.GetByteCount(rest) <= MaxPath
                ? new(scheme, rest, 0)
                : throw new ArgumentException($"{what}: '{text}' is no endpoint; expected unix:// and an absolute path of at most {MaxPath} bytes", nameof(text));
        }

        var colon = rest.LastIndexOf(':');
        var host = colon < 0 ? "" : rest[..colon];
        var isBracketed = host.StartsWith('[') && host.EndsWith(']');
        host = isBracketed ? host[1..^1] : host;
        if (host.Length == 0 || (!isBracketed && host.Contains(':', StringComparison.Ordinal)) || Uri.CheckHostName(host) == UriHostNameType.Unknown && host != "*"
            || !ushort.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new ArgumentException($"{what}: '{text}' is no endpoint; {expected}", nameof(text));
        }

        var endpoint = new BusEndpoint(scheme, host, port);
        return listens
            ? endpoint.Address is not null ? endpoint : throw new ArgumentException($"{what}: '{text}' cannot be listened at; expected an address of this machine, localhost or *", nameof(text))
            : port > 0 && host != "*" ? endpoint : throw new ArgumentException($"{what}: '{text}' cannot be dialled; expected a host and a port above 0", nameof(text));
    }

    /// <summary>The socket address to dial or to listen at.</summary>
    public EndPoint ToEndPoint() => Scheme == Scheme.Unix
        ? new UnixDomainSocketEndPoint(Host)
        : Address is { } address ? new IPEndPoint(address, Port) : new DnsEndPoint(Host, Port);

    /// <inheritdoc/>
    public override string ToString() => Scheme switch
    {
        Scheme.Tcp => $"tcp://{Bracketed}:{Port}",
        Scheme.Tls => $"tls://{Bracketed}:{Port}",
        Scheme.Unix => $"unix://{Host}",
    };

    private string Bracketed => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
}
