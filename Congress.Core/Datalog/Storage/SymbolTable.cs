using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics.X86;
using System.Text;
using System.Text.Unicode;
using Congress.Data;

namespace Congress.Datalog.Storage;

/// <summary>Gives every value a 32-bit handle, so that evaluation compares integers only.</summary>
/// <remarks>
/// An integer from -2^30 to 2^30-1 is its own handle; any other value is interned, and its handle is 2^30 plus its number,
/// taken modulo 2^32. Equal values have equal handles, and the other way round. Handles never leave <c>Datalog</c>.
/// Texts are kept as UTF-8; a string is made when somebody asks for one, and kept then.
/// One writer interns while any number of readers look up: an entry is complete before the slot that leads to it is
/// written, and arrays are replaced, never shrunk. Beside <see cref="Reclaim"/> only <see cref="ValueOf"/> may run, for handles in use.
/// </remarks>
[System.Runtime.CompilerServices.SkipLocalsInit]   // buffers on the stack are written before they are read
internal sealed class SymbolTable
{
    private const int FirstSymbol = 1 << 30;
    private const int ChunkBits = 12;
    private const int ChunkSize = 1 << ChunkBits;
    private const int Fixed = 3;        // null, false and true are never reclaimed
    private const int ShortText = 128;  // characters of a text that is looked up in a buffer on the stack
    private const int Batch = 64;
    private const int ManySlots = 1 << 20;   // fewer grow to four times as many: they are filled again less often
    private const int MaxBytes = 1 << 28;   // of a text; longer ones are odd
    private const int NotFound = 0;         // no symbol has the handle of an integer

    /// <summary>The greatest number of values; the handles above are those of <see cref="SymbolScope"/>.</summary>
    public const int MaxSymbols = int.MaxValue - (1 << 26);

    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private Entry[][] _chunks = [new Entry[ChunkSize]];
    private string?[]?[] _strings = [null];    // by number, in chunks, those that were asked for
    private TextStore _texts = new();
    private Value[] _odd = [];                 // unknowns, texts with half a surrogate pair, and very long ones
    private uint[] _slots = new uint[64];      // open addressing: the lower bits a number plus 1, the upper ones of the hash; or 0
    private long _moves;                       // odd while texts are moved; readers of rows read on meanwhile
    private int[] _free = [];                  // numbers to give out again
    private int _freeCount;
    private int _next;                         // the least number that was never given out

    public SymbolTable()
    {
        Intern(Value.Null);
        Intern(Value.False);
        Intern(Value.True);
    }

    /// <summary>The number of values that have been interned and not reclaimed.</summary>
    public int Count => _next - _freeCount;

    /// <summary>Whether the handle is the integer itself.</summary>
    public static bool IsInline(int handle) => unchecked((uint)(handle + FirstSymbol)) < 1u << 31;

    /// <summary>The handle of an integer that is its own; false for any other value.</summary>
    public static bool TryInline(Value value, out int handle)
    {
        var integer = value.Kind == ValueKind.Integer ? value.AsInteger() : long.MaxValue;
        handle = unchecked((int)integer);
        return integer is >= -FirstSymbol and < FirstSymbol;
    }

    /// <summary>The handle of a value, interned now if it is new. For the writer only.</summary>
    public int Intern(Value value) => TryInline(value, out var inline) ? inline : LookUp(value, isNew: true);

    /// <summary>The handles of texts, interned now if they are new. For the writer only.</summary>
    /// <param name="utf8">The bytes of all, which are valid.</param>
    /// <param name="texts">Where each is; those of negative length are none, and get no handle.</param>
    /// <param name="handles">Where to write the handles.</param>
    public void Intern(ReadOnlySpan<byte> utf8, ReadOnlySpan<(int Start, int Length)> texts, Span<int> handles)
    {
        Span<uint> hashes = stackalloc uint[Batch];
        for (var start = 0; start < texts.Length; start += Batch)
        {
            var batch = texts.Slice(start, Math.Min(Batch, texts.Length - start));
            for (var i = 0; i < batch.Length; i++)
            {
                hashes[i] = batch[i].Length < 0 ? 0 : TextHash.Of(utf8.Slice(batch[i].Start, batch[i].Length), _seed);
            }

            if (Sse.IsSupported && _slots.Length > 1 << 15)
            {
                Announce(hashes[..batch.Length]);
            }

            for (var i = 0; i < batch.Length; i++)
            {
                if (batch[i].Length >= 0)
                {
                    handles[start + i] = LookUp(utf8.Slice(batch[i].Start, batch[i].Length), hashes[i], isNew: true);
                }
            }
        }
    }

    /// <summary>The handle of a value that may never have been interned.</summary>
    /// <returns>False when no row can hold the value.</returns>
    public bool TryFind(Value value, out int handle)
    {
        if (TryInline(value, out handle))
        {
            return true;
        }

        handle = LookUp(value, isNew: false);
        return handle != NotFound;
    }

    /// <summary>The value of a handle.</summary>
    public Value ValueOf(int handle)
    {
        if (IsInline(handle))
        {
            return Value.Of((long)handle);
        }

        var number = unchecked(handle - FirstSymbol);
        ref var entry = ref EntryOf(number);
        return entry.Kind switch
        {
            ValueKind.Text => Value.Of(TextOf(number, ref entry)),
            ValueKind.Unknown => OddOf(ref entry),
            ValueKind.Null => Value.Null,
            ValueKind.Boolean => Value.Of(entry.Bits != 0),
            ValueKind.Integer => Value.Of(entry.Bits),
            ValueKind.Real => Value.Of(BitConverter.Int64BitsToDouble(entry.Bits)),
        };
    }

    /// <summary>Forgets all values but those whose handles are marked, so that their numbers can be given out again.</summary>
    /// <param name="marked">Whether each number is in use; shorter than the table when the last ones are not.</param>
    public void Reclaim(System.Collections.BitArray marked)
    {
        Array.Resize(ref _free, _next);
        _freeCount = 0;
        var (texts, odd) = (new TextStore(), new List<Value>());
        Interlocked.Increment(ref _moves);
        for (var number = _next - 1; number >= 0; number--)
        {
            ref var entry = ref EntryOf(number);
            if (number >= Fixed && (number >= marked.Length || !marked[number]))
            {
                entry = default;
                Strings(number >> ChunkBits)?[number & (ChunkSize - 1)] = null;
                _free[_freeCount++] = number;
            }
            else if (entry.Kind == ValueKind.Text)
            {
                entry.Bits = texts.Add(_texts.At(entry.Bits, entry.Length));
            }
            else if (entry.Kind == ValueKind.Unknown)
            {
                odd.Add(_odd[entry.Bits]);
                entry.Bits = odd.Count - 1;
            }
        }

        (_texts, _odd) = (texts, [.. odd]);
        Volatile.Write(ref _moves, _moves + 1);
        Array.Resize(ref _free, _freeCount);
        var size = 64;
        while ((_next + 1) * 2L > size)   // a slot has room for every number that was given out
        {
            size *= 2;
        }

        _slots = Rehash(new uint[size]);
    }

    /// <summary>The number of symbols that handles may have; a mark for each fits in that many bits.</summary>
    public int Numbers => _next;

    /// <summary>The number of a handle; negative for an integer that is its own.</summary>
    public static int NumberOf(int handle) => IsInline(handle) ? -1 : unchecked(handle - FirstSymbol);

    private static int HandleOf(int number) => unchecked(FirstSymbol + number);

    private ref Entry EntryOf(int number) => ref Volatile.Read(ref _chunks)[number >> ChunkBits][number & (ChunkSize - 1)];

    private int LookUp(Value value, bool isNew)
    {
        if (value.Kind == ValueKind.Text)
        {
            var text = value.AsText();
            var buffer = text.Length <= ShortText ? null : ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
            Span<byte> utf8 = buffer ?? stackalloc byte[3 * ShortText];
            var isValid = Utf8.FromUtf16(text, utf8, out _, out var length, replaceInvalidSequences: false) == OperationStatus.Done && length < MaxBytes;
            var found = isValid ? LookUp(utf8[..length], TextHash.Of(utf8[..length], _seed), isNew) : NotFound;
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            if (isValid)
            {
                return found;
            }
        }

        return LookUpOther(value, isNew);
    }

    private int LookUp(ReadOnlySpan<byte> text, uint hash, bool isNew)
    {
        var slots = Volatile.Read(ref _slots);
        var (mask, bits) = ((uint)slots.Length - 1, BitOperations.Log2((uint)slots.Length));
        var slot = hash >> (32 - bits);
        while (Volatile.Read(ref slots[slot]) is var found and not 0)
        {
            if ((found & ~mask) == hash << bits)
            {
                ref var entry = ref EntryOf((int)(found & mask) - 1);
                if (entry.Hash == hash && entry.Kind == ValueKind.Text && entry.Length == text.Length && _texts.At(entry.Bits, entry.Length).SequenceEqual(text))
                {
                    return HandleOf((int)(found & mask) - 1);
                }
            }

            slot = (slot + 1) & mask;
        }

        return isNew ? Add(new() { Kind = ValueKind.Text, Bits = _texts.Add(text), Length = text.Length, Hash = hash }) : NotFound;
    }

    private int LookUpOther(Value value, bool isNew)
    {
        var isOdd = value.Kind is ValueKind.Text or ValueKind.Unknown;
        var bits = value.Kind switch
        {
            ValueKind.Integer => value.AsInteger(),
            ValueKind.Real => BitConverter.DoubleToInt64Bits(value.AsReal()),
            ValueKind.Boolean => value.AsBoolean() ? 1 : 0,
            _ => 0L,
        };
        var kind = isOdd ? ValueKind.Unknown : value.Kind;
        var hash = (uint)value.GetHashCode() * 0x9E3779B9u;   // Fibonacci hashing, Knuth 6.4
        var slots = Volatile.Read(ref _slots);
        var (mask, shift) = ((uint)slots.Length - 1, BitOperations.Log2((uint)slots.Length));
        var slot = hash >> (32 - shift);
        while (Volatile.Read(ref slots[slot]) is var found and not 0)
        {
            ref var entry = ref EntryOf((int)(found & mask) - 1);
            if (entry.Kind == kind && entry.Hash == hash && (isOdd ? Volatile.Read(ref _odd)[entry.Bits] == value : entry.Bits == bits))
            {
                return HandleOf((int)(found & mask) - 1);
            }

            slot = (slot + 1) & mask;
        }

        if (!isNew)
        {
            return NotFound;
        }

        if (isOdd)
        {
            Volatile.Write(ref _odd, [.. _odd, value]);
            bits = _odd.Length - 1;
        }

        return Add(new() { Kind = kind, Bits = bits, Hash = hash });
    }

    /// <summary>Gives a new value a number.</summary>
    private int Add(Entry entry)
    {
        if ((_next + 1) * 4L > _slots.Length * 3L)
        {
            Volatile.Write(ref _slots, Rehash(new uint[_slots.Length * (_slots.Length < ManySlots ? 4 : 2)]));
        }

        var number = _freeCount > 0 ? _free[_freeCount - 1] : _next;
        if (number == MaxSymbols)
        {
            throw new InvalidOperationException($"More than {MaxSymbols} distinct values are in use.");
        }

        if (number >> ChunkBits == _chunks.Length)
        {
            Volatile.Write(ref _strings, [.. _strings, null]);
            Volatile.Write(ref _chunks, [.. _chunks, new Entry[ChunkSize]]);
        }

        EntryOf(number) = entry;
        _ = _freeCount > 0 ? _freeCount-- : _next++;
        Put(_slots, number, entry.Hash);
        return HandleOf(number);
    }

    private string?[]? Strings(int chunk) => Volatile.Read(ref _strings)[chunk];

    private string TextOf(int number, ref Entry entry)
    {
        var strings = Strings(number >> ChunkBits);
        if (strings is null)
        {
            var made = new string?[ChunkSize];
            strings = Interlocked.CompareExchange(ref Volatile.Read(ref _strings)[number >> ChunkBits], made, null) ?? made;
        }

        ref var text = ref strings[number & (ChunkSize - 1)];
        var wait = default(SpinWait);
        while (Volatile.Read(ref text) is null)
        {
            // What a reader has yet to give stays where it is found, but its bytes may be moving.
            var moves = Volatile.Read(ref _moves);
            if (moves % 2 == 0 && Volatile.Read(ref _texts).TryAt(Volatile.Read(ref entry.Bits), entry.Length, out var utf8))
            {
                var made = Encoding.UTF8.GetString(utf8);
                if (Interlocked.Read(ref _moves) == moves)
                {
                    Volatile.Write(ref text, made);
                    return made;
                }
            }

            wait.SpinOnce();
        }

        return text!;
    }

    private Value OddOf(ref Entry entry)
    {
        for (var wait = default(SpinWait); ; wait.SpinOnce())
        {
            var moves = Volatile.Read(ref _moves);
            var (odd, place) = (Volatile.Read(ref _odd), Volatile.Read(ref entry.Bits));
            if (moves % 2 == 0 && place < odd.Length && odd[place] is var value && Interlocked.Read(ref _moves) == moves)
            {
                return value;
            }
        }
    }

    /// <summary>Asks memory for what looking up these hashes will need: the slots, then the entries they lead to, then the texts.</summary>
    private unsafe void Announce(ReadOnlySpan<uint> hashes)
    {
        var (mask, bits) = ((uint)_slots.Length - 1, BitOperations.Log2((uint)_slots.Length));
        fixed (uint* slots = _slots)
        {
            foreach (var hash in hashes)
            {
                Sse.Prefetch0(slots + (hash >> (32 - bits)));
            }

            foreach (var hash in hashes)
            {
                if (slots[hash >> (32 - bits)] is var found and not 0 && (found & ~mask) == hash << bits)
                {
                    fixed (Entry* entry = &EntryOf((int)(found & mask) - 1))
                    {
                        Sse.Prefetch0(entry);
                    }
                }
            }

            foreach (var hash in hashes)
            {
                if (slots[hash >> (32 - bits)] is var found and not 0 && (found & ~mask) == hash << bits && EntryOf((int)(found & mask) - 1) is { Kind: ValueKind.Text, Length: > 0 } entry)
                {
                    fixed (byte* text = _texts.At(entry.Bits, entry.Length))
                    {
                        Sse.Prefetch0(text);
                        Sse.Prefetch0(text + entry.Length - 1);   // two lines hold it, if it is short
                    }
                }
            }
        }
    }

    private uint[] Rehash(uint[] slots)
    {
        var free = new System.Collections.BitArray(_next);
        for (var i = 0; i < _freeCount; i++)
        {
            free[_free[i]] = true;
        }

        for (var number = 0; number < _next; number++)
        {
            if (Sse.IsSupported && number + Batch < _next)
            {
                AnnounceSlot(slots, EntryOf(number + Batch).Hash);
            }

            if (!free[number])
            {
                Put(slots, number, EntryOf(number).Hash);
            }
        }

        return slots;
    }

    private static unsafe void AnnounceSlot(uint[] slots, uint hash)
    {
        fixed (uint* start = slots)
        {
            Sse.Prefetch0(start + (hash >> (32 - BitOperations.Log2((uint)slots.Length))));
        }
    }

    private static void Put(uint[] slots, int number, uint hash)
    {
        var (mask, bits) = ((uint)slots.Length - 1, BitOperations.Log2((uint)slots.Length));
        var slot = hash >> (32 - bits);
        while (slots[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        Volatile.Write(ref slots[slot], (hash << bits) | (uint)(number + 1));
    }

    private struct Entry
    {
        public long Bits;       // the integer, the bits of the real, 0 or 1, the place of the text, or that of the value among the odd ones
        public uint Hash;
        public int LengthAndKind;

        public int Length
        {
            readonly get => LengthAndKind >> 3;
            set => LengthAndKind = (value << 3) | (LengthAndKind & 7);
        }

        public ValueKind Kind
        {
            readonly get => (ValueKind)(LengthAndKind & 7);
            set => LengthAndKind = (LengthAndKind & ~7) | (int)value;
        }
    }
}
