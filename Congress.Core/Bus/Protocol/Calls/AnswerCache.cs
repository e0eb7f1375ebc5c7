namespace Congress.Bus.Protocol.Calls;

/// <summary>The last answers to calls with a key. The oldest give way, by number, bytes and age.</summary>
internal sealed class AnswerCache(ProtocolSettings settings)
{
    private readonly Dictionary<CallKey, (Frame Result, long Bytes, TimeSpan At)> _answers = [];
    private readonly Queue<CallKey> _order = new();
    private long _bytes;

    public Frame? Find(CallKey key, TimeSpan now)
    {
        DropOld(now);
        return _answers.TryGetValue(key, out var known) ? known.Result : null;
    }

    public void Add(CallKey key, Frame result, TimeSpan now)
    {
        var bytes = 200L + (key.Key.Length * 2) + (result is Answer answer ? answer.Result.ToJson().Length : 0);
        if (_answers.TryAdd(key, (result, bytes, now)))
        {
            _order.Enqueue(key);
            _bytes += bytes;
        }

        DropOld(now);
    }

    private void DropOld(TimeSpan now)
    {
        while (_order.TryPeek(out var oldest) && (_order.Count > settings.RememberedAnswers || _bytes > settings.RememberedBytes
            || now - _answers[oldest].At > settings.RememberedTime))
        {
            _order.Dequeue();
            _answers.Remove(oldest, out var dropped);
            _bytes -= dropped.Bytes;
        }
    }
}
