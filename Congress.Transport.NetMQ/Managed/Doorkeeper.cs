using System.Net;
using System.Net.Sockets;

namespace Congress.Transport.NetMQ.Managed;

/// <summary>Decides which accepted connections may stay until HELLO: not those of an address that was bad too often, and not too many at a time.</summary>
internal sealed class Doorkeeper(NetMQTransportOptions options, TransportEvents events)
{
    private const int MaxAddresses = 4096;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Record> _records = [];
    private int _guests;

    /// <summary>Lets a connection in.</summary>
    /// <param name="from">Its address; null for a Unix socket, which has none.</param>
    public bool TryEnter(IPAddress? from)
    {
        lock (_gate)
        {
            if (_guests >= options.MaxGuests || (from is not null && IsBanned(Network(from))))
            {
                return false;
            }

            _guests++;
            return true;
        }
    }

    /// <summary>A connection has said HELLO, or has ended without.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _guests--;
        }
    }

    /// <summary>A connection has ended without a proper HELLO.</summary>
    public void BadHandshake(IPAddress? from)
    {
        if (from is null)
        {
            return;
        }

        var network = Network(from);
        lock (_gate)
        {
            var now = options.TimeProvider.GetTimestamp();
            if (!_records.TryGetValue(network, out var record) || IsOver(record, now))
            {
                if (_records.Count >= MaxAddresses)
                {
                    Forget(now);
                }

                record = new(now, 0, false);
            }

            record = record with { Count = record.Count + 1 };
            if (record.Count >= options.BadHandshakesBeforeBan && !record.IsBanned)
            {
                record = new(now, record.Count, true);
                events.Banned(network.ToString());
            }

            _records[network] = record;
        }
    }

    private bool IsBanned(IPAddress network) =>
        _records.TryGetValue(network, out var record) && record.IsBanned && !IsOver(record, options.TimeProvider.GetTimestamp());

    private bool IsOver(Record record, long now) => options.TimeProvider.GetElapsedTime(record.Since, now) >= Window;

    /// <summary>Drops what is over; if that is too little, everything: a table that an attacker can fill must not keep out others.</summary>
    private void Forget(long now)
    {
        foreach (var (network, record) in _records)
        {
            if (IsOver(record, now))
            {
                _records.Remove(network);
            }
        }

        if (_records.Count >= MaxAddresses)
        {
            _records.Clear();
        }
    }

    /// <summary>What counts as one address: an IPv4 address, or the 64 bits of an IPv6 network within which a host takes any.</summary>
    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new(bytes);
    }

    private readonly record struct Record(long Since, int Count, bool IsBanned);
}
