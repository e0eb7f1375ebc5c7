using Congress.Data;

namespace Congress.Bus.Protocol.Tables;

/// <summary>The tables that the services of a node publish, and those who follow them. Publishing never waits for anyone.</summary>
internal sealed class Publisher(ProtocolSettings settings, Outbox outbox)
{
    private readonly Dictionary<string, Epoch> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<TableName, PublishedTable> _tables = [];
    private readonly Dictionary<(long Link, ulong Subscription), Cursor> _cursors = [];
    private readonly Dictionary<TableName, List<Cursor>> _followers = [];
    private readonly Dictionary<long, int> _perLink = [];
    private readonly RingBudget _budget = new(settings.NodeRingBytes);

    public IEnumerable<PublishedTable> Tables => _tables.Values;

    /// <summary>Whether every subscriber that can be reached has the newest state of every table.</summary>
    public bool IsAcknowledged => _cursors.Values.All(c => c.IsAcknowledged);

    public int FollowersOf(TableName table) => _followers.GetValueOrDefault(table)?.Count ?? 0;

    public void StartService(string service, Epoch epoch) => _services[service] = epoch;

    /// <summary>Forgets what a service has published. Those who follow it are told to ask again.</summary>
    public void StopService(string service)
    {
        _services.Remove(service);
        foreach (var table in _tables.Keys.Where(t => t.Policy == service).ToArray())
        {
            _tables.Remove(table, out var published);
            published!.Ring.Clear(0);
        }

        foreach (var cursor in _cursors.Values.Where(c => c.Table.Policy == service).ToArray())
        {
            outbox.Send(cursor.Link, new SubscribeRefused(cursor.Subscription, cursor.Generation, $"service '{service}' has stopped"));
            Remove(cursor);
        }
    }

    /// <summary>Makes a new state of a table and sends it to those who have room.</summary>
    /// <param name="table">The table, of a started service.</param>
    /// <param name="inserted">The rows to put in; all rows when <paramref name="deleted"/> is null.</param>
    /// <param name="deleted">The rows to take out first.</param>
    public bool Publish(TableName table, IReadOnlyCollection<Row> inserted, IReadOnlyCollection<Row>? deleted)
    {
        if (!_tables.TryGetValue(table, out var published))
        {
            _tables.Add(table, published = new(table, _services[table.Policy], settings, _budget));
        }

        var hasChanged = deleted is null ? published.Replace(inserted) : published.Change(inserted, deleted);
        if (!hasChanged && published.IsCurrent)
        {
            return false;
        }

        published.IsCurrent = true;

        foreach (var cursor in _followers.GetValueOrDefault(table) ?? [])
        {
            if (!cursor.IsAttached)
            {
                cursor.Attach(published);
            }

            Pump(cursor);
        }

        return true;
    }

    /// <summary>Gives a table to no new subscriber before its next state is published.</summary>
    public void Retract(TableName table)
    {
        if (_tables.TryGetValue(table, out var published))
        {
            published.IsCurrent = false;
            published.Ring.Clear(published.Sequence);
        }
    }

    public void OnSubscribe(long link, Subscribe request)
    {
        if (_cursors.TryGetValue((link, request.Subscription), out var known))
        {
            if (known.Generation >= request.Generation)
            {
                return;   // an old request, late
            }
        }

        if (!_services.ContainsKey(request.Table.Policy) || (known is null && _perLink.GetValueOrDefault(link) >= settings.SubscriptionsPerLink))
        {
            outbox.Send(link, new SubscribeRefused(request.Subscription, request.Generation, _services.ContainsKey(request.Table.Policy)
                ? $"more than {settings.SubscriptionsPerLink} subscriptions"
                : $"no service '{request.Table.Policy}' runs here"));
            if (known is not null)
            {
                Remove(known);
            }

            return;
        }

        var cursor = new Cursor(link, request, settings);
        if (known is not null && known.Table == request.Table)
        {
            _followers[known.Table][_followers[known.Table].IndexOf(known)] = cursor;
        }
        else
        {
            if (known is not null)
            {
                Remove(known);
            }

            Add(cursor);
        }

        _cursors[(link, request.Subscription)] = cursor;
        if (_tables.TryGetValue(request.Table, out var table) && table.IsCurrent)
        {
            cursor.Attach(table);
            Pump(cursor);
        }
    }

    public void OnUnsubscribe(long link, ulong subscription)
    {
        if (_cursors.TryGetValue((link, subscription), out var cursor))
        {
            Remove(cursor);
        }
    }

    public void OnAck(long link, Ack ack)
    {
        if (_cursors.TryGetValue((link, ack.Subscription), out var cursor) && cursor.Generation == ack.Generation)
        {
            cursor.Acknowledge(ack.Frames);
            Pump(cursor);
        }
    }

    public void OnLinkDown(long link)
    {
        foreach (var cursor in _cursors.Values.Where(c => c.Link == link).ToArray())
        {
            Remove(cursor);
        }
    }

    /// <summary>How far each table is that a link follows.</summary>
    public TableMark[] MarksFor(long link) => [.. _cursors.Values.Where(c => c.Link == link && c.IsAttached).Select(c => c.Mark)];

    private void Pump(Cursor cursor)
    {
        while (cursor.Next() is { } frame)
        {
            outbox.Send(cursor.Link, frame);
        }
    }

    private void Add(Cursor cursor)
    {
        _perLink[cursor.Link] = _perLink.GetValueOrDefault(cursor.Link) + 1;
        if (!_followers.TryGetValue(cursor.Table, out var followers))
        {
            _followers.Add(cursor.Table, followers = []);
            outbox.Tell(new DemandChanged(cursor.Table, IsWanted: true));
        }

        followers.Add(cursor);
    }

    private void Remove(Cursor cursor)
    {
        _cursors.Remove((cursor.Link, cursor.Subscription));
        if (--_perLink[cursor.Link] == 0)
        {
            _perLink.Remove(cursor.Link);
        }

        var followers = _followers[cursor.Table];
        followers.Remove(cursor);
        if (followers.Count == 0)
        {
            _followers.Remove(cursor.Table);
            outbox.Tell(new DemandChanged(cursor.Table, IsWanted: false));
        }
    }
}
