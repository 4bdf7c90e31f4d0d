macro_rules! texts {
    ($($name:ident = $key:literal $(($($placeholder:ident),*))?;)*) => {
        /// The name of a text. Its key in the language files and its placeholders stand in the
        /// table in `text.rs`; the English file shows what each one says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each variant is documented by its English text")]
        pub enum Text {
            $($name,)*
        }

        impl Text {
            /// All texts, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its key in the language files.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key),* }
            }

            /// What has to be filled in.
            #[must_use]
            pub const fn placeholders(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($(stringify!($placeholder)),*)?]),* }
            }
        }
    };
}

texts! {
    // On every page.
    LanguageLabel = "language";
    Live = "status.live";
    Connecting = "status.connecting";
    NoConnection = "status.no_connection";
    NotAvailable = "status.not_available";
    LastConfirmed = "status.last_confirmed" (at);
    TimesAsOf = "status.times_as_of" (at);
    AskToBeSure = "status.ask_to_be_sure";
    By = "by" (at);
    ByWord = "by_word";
    With = "with" (person);
    PlaceAndPerson = "place_and_person" (place, person);
    NoTimeYet = "no_time_yet";
    NobodyServing = "nobody.serving";
    LeaveYourName = "nobody.leave_your_name";
    ChooseService = "choose.service";
    ChoosePerson = "choose.person";
    Anyone = "choose.anyone";
    TimeChanged = "quote.changed" (at);
    TimeGone = "quote.gone";
    YesBy = "quote.yes_by" (at);
    YesWithoutTime = "quote.yes_without_time";
    WillBeSent = "will_be_sent";
    CouldNotReach = "could_not_reach";
    TryAgain = "try_again";
    NothingHere = "nothing_here";

    // Times and what they are for.
    DayTime = "day_time" (day, time);
    DayTimeBare = "day_time_bare" (day, time);
    ReadyBy = "ready_by" (at);
    ReadyByWord = "ready_by_word";
    CallBy = "call_by" (at);
    CallByWord = "call_by_word";
    NewsBy = "news_by" (at);
    NewsByWord = "news_by_word";
    DoneBy = "done_by" (at);
    DoneByWord = "done_by_word";
    FromTime = "from_time" (at);
    MoreToday = "more_today" (n);
    TagBooked = "tag.booked" (at);

    // Doors.
    ClosedNow = "doors.closed";
    OpenUntil = "doors.open_until" (at);
    OpensAt = "doors.opens" (at);
    ClosedInstead = "doors.closed_instead";
    FullToday = "doors.full";
    FullInstead = "doors.full_instead";
    NobodyUntil = "nobody.until" (at);
    TrueAt = "silent" (at);

    // Lobby.
    LobbyNow = "lobby.now";
    LobbyNext = "lobby.next";
    LobbyMore = "lobby.more" (n);
    LobbyInTheChair = "lobby.in_the_chair";
    LobbyNobodyWaiting = "lobby.nobody_waiting";
    LobbyNewcomer = "lobby.newcomer";
    LobbyScan = "lobby.scan";
    LobbyKept = "lobby.kept" (kept, of);
    LobbyAskUs = "lobby.ask_us";
    ReadyToCollect = "ready_to_collect";

    // Desk.
    DeskWaiting = "desk.waiting";
    DeskChairs = "desk.chairs";
    DeskNobodyWaiting = "desk.nobody_waiting";
    DeskFree = "desk.free";
    DeskOffDuty = "desk.off_duty";
    DeskCalledAt = "desk.called_at" (at);
    DeskSince = "desk.since" (at);
    DeskLikely = "desk.likely" (at);
    DeskHere = "desk.here";
    DeskMissing = "desk.missing";
    DeskWhoseChair = "desk.whose_chair";
    DeskWalkIn = "desk.walk_in";
    DeskCall = "desk.call";
    DeskNext = "desk.next";
    DeskStart = "desk.start";
    DeskFinish = "desk.finish";
    DeskLeft = "desk.left";
    DeskLeftSure = "desk.left_sure";
    DeskAbsent = "desk.absent";
    DeskNoShow = "desk.no_show";
    DeskNoShowSure = "desk.no_show_sure";
    DeskGoOnDuty = "desk.go_on_duty";
    DeskGoOffDuty = "desk.go_off_duty";
    DeskOffline = "desk.offline";
    DeskCallNotSent = "desk.call_not_sent";
    DeskNoFreeChair = "desk.no_free_chair";

    // The state of the shop.
    DeskNobodyOnDuty = "desk.nobody_on_duty";
    DeskNextOnDuty = "desk.next_on_duty" (at);
    DeskSilent = "desk.silent" (at);

    // Sections and tags.
    SectionBooked = "desk.section.booked";
    SectionOnHold = "desk.section.on_hold";
    SectionPending = "desk.section.pending";
    TagConfirmed = "tag.confirmed";
    TagGoesFirst = "tag.goes_first";
    TagOnHold = "tag.on_hold";
    TagComesBy = "tag.comes_by" (at);
    TagGroup = "tag.group" (name);
    TagPart = "tag.part";
    TagApproval = "tag.approval";
    TagTime = "tag.time";
    TagExpected = "tag.expected" (at);
    TagAsks = "tag.asks" (text);
    TagHandedTo = "tag.handed_to" (person);
    TagOwner = "tag.owner" (person);
    StillWith = "desk.still_with" (name);

    // Why a time is what it is.
    WhyThisTime = "why.title";
    WhyAhead = "why.ahead" (n);
    WhyNobodyAhead = "why.nobody_ahead";
    WhyOnDuty = "why.on_duty" (n);
    WhyNobody = "why.nobody";
    WhyChair = "why.chair" (person);
    WhyTakes = "why.takes" (service, from, to);
    WhyBreakAt = "why.break_at" (at);
    WhySlower = "why.slower";

    // What is done with a visit.
    DeskMore = "desk.more";
    ActHere = "act.here";
    ActConfirm = "act.confirm";
    ActHold = "act.hold";
    ActResume = "act.resume";
    ActLetPass = "act.let_pass";
    ActLateMin = "act.late_min" (n);
    ActGoFirst = "act.go_first";
    ActHandOver = "act.hand_over";
    NobodyElse = "act.hand_over.nobody";
    ActServices = "act.services";
    ActAddOn = "act.add_on";
    ActAnswer = "act.answer";
    ActPartHere = "act.part_here";
    ActTimeOver = "act.time_over";
    ActApprove = "act.approve";
    ActExpectPart = "act.expect_part";
    ActAskApproval = "act.ask_approval";
    ActPromiseNews = "act.promise_news";
    ActGiveNews = "act.give_news";
    ActCollected = "act.collected";
    ActCallAgain = "act.call_again";
    ActCancel = "act.cancel";
    ActCancelSure = "act.cancel_sure";
    ActStill = "act.still";
    Undo = "undo";
    Spoken = "act.spoken";
    NotReached = "act.not_reached";
    HandOffer = "desk.hand_offer" (name);
    Accept = "act.accept";
    Decline = "act.decline";
    PartLikely = "part.likely";
    PartLatest = "part.latest";
    Set = "set";
    Today = "today";
    Tomorrow = "tomorrow";
    InTwoDays = "in_two_days";
    InAWeek = "in_a_week";
    OtherTime = "other_time";

    // People who serve.
    DutyBreakUntil = "duty.break_until" (at);
    DutyUnseen = "duty.unseen";
    BreakMin = "duty.break_min" (n);
    BreakOver = "duty.break_over";
    PlusMin = "plus_min" (n);
    ComesAt = "duty.comes_at";
    LeavesAt = "duty.leaves_at";

    // The bar.
    DeskQuote = "desk.quote";
    QuoteAdd = "desk.quote_add";
    DeskBook = "desk.book";
    BookWhen = "desk.book_when";
    BookSubmit = "desk.book_submit" (at);
    DeskDelay = "desk.delay";
    CloseLine = "desk.close_line";
    OpenLine = "desk.open_line";
    DelayWhat = "delay.what";
    DelayShop = "delay.shop";
    DelayHowLong = "delay.how_long";
    DelayWhy = "delay.why";
    ReasonWork = "delay.reason.work";
    ReasonStart = "delay.reason.start";
    ReasonEquipment = "delay.reason.equipment";
    ReasonSupply = "delay.reason.supply";
    ReasonOther = "delay.reason.other";
    DelayReport = "delay.report";
    DelayEnd = "delay.end";
    RiskSafe = "risk.safe";
    RiskTight = "risk.tight";
    RiskHigh = "risk.high";
    RiskPassed = "risk.passed";
    WalkInName = "walk_in.name";
    WalkInContact = "walk_in.contact";
    Back = "back";
    Cancel = "cancel";
    Done = "done";
    Say = "say.lead";
    SayNoTime = "say.no_time";
    SayScan = "say.scan";

    // Join.
    JoinTitle = "join.title";
    JoinName = "join.name";
    JoinContact = "join.contact";
    JoinContactHint = "join.contact_hint" (n);
    JoinSubmit = "join.submit";
    JoinWithoutTime = "join.without_time";
    JoinFirstChoose = "join.first_choose";

    // More than one.
    JoinSeveral = "join.several";
    PartyAlso = "party.also";
    PartyMore = "party.more";
    PartyAdd = "party.add";
    PartyRemove = "party.remove";
    PartyTogether = "party.together";
    PartyInTurn = "party.in_turn";

    // Join: another contact, and the kiosk.
    JoinContactOther = "join.contact_other";
    JoinContactOtherHint = "join.contact_other_hint";
    KioskName = "kiosk.name" (name);
    KioskNoTime = "kiosk.no_time";
    KioskTake = "kiosk.take";

    // Phone.
    PromiseAbove = "promise.above" (name);
    PromiseBelow = "promise.below";
    NextAbove = "next.above" (name);
    NextBelow = "next.below";
    InLineNoTime = "in_line.no_time" (name);
    TimeComes = "in_line.time_comes";
    TimeStays = "in_line.time_stays";
    TimeStaysBy = "in_line.time_stays_by" (at);
    PlaceKept = "in_line.place_kept";
    YouAreNext = "in_line.you_are_next";
    Ahead = "in_line.ahead" (n);
    AheadWith = "in_line.ahead_with" (n, person);
    StageInLine = "stage.in_line";
    StageNext = "stage.next";
    StageComeIn = "stage.come_in";
    ComeIn = "come_in.above" (name);
    ComeInEarlier = "come_in.earlier" (n);
    ComeInNoRush = "come_in.no_rush" (at);
    PromiseLater = "promise.later" (at);
    Apology = "apology" (name, at);
    Started = "started.above" (name);
    StartedAt = "started.at" (at);
    Here = "here.button";
    HereSeen = "here.seen";
    Leave = "leave.button";
    LeaveSure = "leave.sure";

    // By what the time is for.
    ReadyAbove = "ready.above" (name);
    ReadyBelow = "ready.below";
    CallAbove = "call.above" (name);
    CallBelow = "call.below";
    NewsAbove = "news.above" (name);
    NewsBelow = "news.below";
    NewsLine = "news.line" (at);
    DoneLine = "done.line" (at);
    StartLine = "start.line" (at);
    ReadyLine = "ready.line" (at);
    CallLine = "call.line" (at);
    ApologyPlain = "apology.plain" (name, at);

    // Other stages.
    BookedAbove = "booked.above" (name);
    ConfirmButton = "booked.confirm";
    ConfirmedSeen = "booked.confirmed";
    CancelVisit = "booked.cancel";
    CancelVisitSure = "booked.cancel_sure";
    CallOff = "call_off";
    CallOffSure = "call_off.sure";
    PendingPart = "pending.part" (name);
    PendingTime = "pending.time" (name);
    PendingApproval = "pending.approval" (name);
    ApproveBy = "pending.approve_by" (at);
    ApproveButton = "pending.approve";
    OnHoldText = "on_hold.text" (name);
    OnHoldBelow = "on_hold.below";
    ReadyNow = "ready.now" (name);
    HereTill = "ready.here_till" (at);
    WorkingOnIt = "started.working" (name);
    CallingNow = "call.now" (name);
    WeSpoke = "call.spoke" (name);
    RunLate = "late.button";
    LetPass = "pass.button";
    AskUs = "ask.button";
    AskField = "ask.field";
    Send = "send";
    YouAsked = "ask.asked" (text);
    OurAnswer = "ask.answer" (text);
    AnswerComes = "ask.waits";
    LeftText = "left.text" (name);
    JoinAgain = "left.join_again";
    NoShowText = "no_show.text" (name);
    Welcome = "no_show.welcome";
    Thanks = "end.thanks" (name);
    Waited = "end.waited" (n);
    WaitedLittle = "end.waited_little";
    WaitedLess = "end.less" (n);
    WaitedAsPromised = "end.as_promised";
    WaitedLonger = "end.longer" (n);

    // What is kept of a person.
    OnTheWall = "on_the_wall" (label);
    KeptTitle = "kept.title";
    KeptName = "kept.name" (text);
    KeptContact = "kept.contact" (text);
    KeptQuestion = "kept.question" (text);
    KeptAnswer = "kept.answer" (text);
    KeptUntil = "kept.until" (at);
    KeptNothing = "kept.nothing";
    KeptLog = "kept.log";
    KeptDownload = "kept.download";
    KeptErase = "kept.erase";
    KeptEraseSure = "kept.erase_sure";
    KeptErased = "kept.erased" (label);

    // Promises in danger.
    HelpTimes = "help.times" (n);
    HelpTasks = "help.tasks" (n);
    HelpWhat = "help.what";
    HelpNothing = "help.nothing";
    HelpKeeps = "help.keeps" (n);
    HelpMoves = "help.moves" (n);
    HelpAsk = "help.ask" (name);
    HelpDo = "help.do";
    HelpSaved = "help.saved" (kept, of);
    RemedyTakes = "remedy.takes" (person, name);
    RemedyKeeps = "remedy.keeps" (person, name);
    RemedyAny = "remedy.any" (name);
    RemedyBefore = "remedy.before" (name, other);
    RemedyBreak = "remedy.break" (person, at);
    RemedyShorter = "remedy.shorter" (name, service);
    RemedyComesIn = "remedy.comes_in" (person, at);
    TaskGoes = "task.goes" (name, at);
    TaskTell = "task.tell" (name, at);
    TaskRecover = "task.recover" (name, at);
    TaskThank = "task.thank" (name);
    TaskRing = "task.ring" (name, at);
    TaskNews = "task.news" (name, at);
    TaskAccept = "task.accept" (name, person);
    TaskAway = "task.away" (name, person);
    ActTold = "act.told";
    ActTellNow = "act.tell_now";
    ActWord = "act.word";
    PriceMoves = "price.moves" (n);
    PriceWhose = "price.whose";
    PriceFromTo = "price.from_to" (name, from, to);
    PriceNoTime = "price.no_time" (name, from);
    PriceFree = "price.free" (name);
    PriceWho = "price.who";
    ActMoveBefore = "act.move_before";
    ActAskFor = "act.ask_for";
    TagInvited = "tag.invited" (at);
    ChoiceWith = "choice.with" (person, at);
    ChoiceStay = "choice.stay";
    ChoiceLater = "choice.later";
    ChoiceDay = "choice.day";
    NotToday = "choice.not_today" (name);
    TaskNotToday = "task.not_today" (name);
    AwayAbove = "choice.without" (name, person);
    Invited = "invited.text" (at);
    InvitedCome = "invited.come";
    InvitedKeep = "invited.keep" (at);
    ApologyNext = "apology.next" (at);

    // Who may do what.
    OwnerTitle = "owner.title";
    OwnerFirst = "owner.first";
    OwnerCode = "owner.code";
    Password = "owner.password";
    PasswordNew = "owner.password_new";
    PasswordHint = "owner.password_hint";
    PasswordShow = "owner.password_show";
    OwnerBegin = "owner.begin";
    SignIn = "owner.sign_in";
    SignOut = "owner.sign_out";
    PasswordForgot = "owner.forgot";
    RecoveryCode = "owner.recovery";
    RecoveryKeep = "owner.recovery_keep";
    Print = "owner.print";
    RecoveryKept = "owner.recovery_kept";
    PasswordChange = "owner.change";
    PasswordBefore = "owner.before";
    Screens = "owner.screens";
    ScreensHow = "owner.screens_how" (address);
    ScreenCode = "owner.screen_code";
    ScreenLabel = "owner.screen_label";
    KindTablet = "kind.tablet";
    KindDisplay = "kind.display";
    KindKiosk = "kind.kiosk";
    KindOwner = "kind.owner";
    ThisOne = "owner.this";
    LastSeen = "owner.last_seen" (at);
    NeverUsed = "owner.never_used";
    Pair = "owner.pair";
    Unpair = "owner.unpair";
    UnpairSure = "owner.unpair_sure";
    Pins = "owner.pins";
    PinsHow = "owner.pins_how";
    PinNew = "owner.pin_new";
    PinHas = "owner.pin_has";
    PinNone = "owner.pin_none";
    PinClear = "owner.pin_clear";
    Programs = "owner.programs";
    ProgramsHow = "owner.programs_how";
    KeyLabel = "owner.key_label";
    KeyMake = "owner.key_make";
    KeyOnce = "owner.key_once";
    ScopeJoin = "scope.join";
    ScopeDesk = "scope.desk";
    ScopeSetUp = "scope.set_up";
    Deeds = "owner.deeds";
    Address = "owner.address";
    PlainTitle = "plain.title";
    PlainRead = "plain.read";
    PlainOffline = "plain.offline";
    PlainPush = "plain.push";
    PlainWake = "plain.wake";
    PlainCopy = "plain.copy";
    PlainInstead = "plain.instead";
    ReachTitle = "reach.title";
    ReachHow = "reach.how";
    ReachBegin = "reach.begin";
    ReachOutside = "reach.outside";
    ReachInside = "reach.inside";
    ReachNobody = "reach.nobody";
    ReachYou = "reach.you";
    ReachOld = "reach.old";
    PairTitle = "pair.title";
    PairAs = "pair.as";
    PairTell = "pair.tell" (address);
    PairWaits = "pair.waits";
    PairUsed = "pair.used";
    PairUsual = "pair.usual";

    // Setting a shop up.
    SetUpTitle = "set_up.title";
    SetUpStep = "set_up.step" (at, of);
    SetUpNext = "set_up.next";
    SetUpSave = "set_up.save";
    SetUpSaved = "set_up.saved";
    SetUpFinish = "set_up.finish";
    SetUpShop = "set_up.shop";
    SetUpHours = "set_up.hours";
    SetUpPeople = "set_up.people";
    SetUpServices = "set_up.services";
    SetUpSpeak = "set_up.speak";
    SetUpPrint = "set_up.print";
    SetUpTry = "set_up.try";
    ShopName = "shop.name";
    ShopKind = "shop.kind";
    ShopZone = "shop.zone";
    ShopHair = "shop.hair";
    ShopRepair = "shop.repair";
    ShopClinic = "shop.clinic";
    ShopCounter = "shop.counter";
    PlaceChair = "place.chair" (n);
    PlaceCounter = "place.counter" (n);
    PlaceRoom = "place.room" (n);
    OfferHaircut = "offer.haircut";
    OfferColour = "offer.colour";
    OfferBeard = "offer.beard";
    OfferRepair = "offer.repair";
    OfferQuickRepair = "offer.quick_repair";
    OfferDiagnosis = "offer.diagnosis";
    OfferConsultation = "offer.consultation";
    OfferBloodTest = "offer.blood_test";
    OfferResults = "offer.results";
    OfferQuestion = "offer.question";
    OfferCollect = "offer.collect";
    HoursAlways = "hours.always";
    HoursClosed = "hours.closed";
    HoursFrom = "hours.from" (day);
    HoursTo = "hours.to" (day);
    HoursAdd = "hours.add" (day);
    HoursRemove = "hours.remove" (day);
    HoursCopy = "hours.copy" (day);
    HoursExceptions = "hours.exceptions";
    HoursExceptionAdd = "hours.exception_add";
    PersonName = "person.name";
    PersonPlace = "person.place";
    PersonAdd = "person.add";
    PersonDoes = "person.does" (name);
    RowRemove = "row.remove" (name);
    ServiceName = "service.name";
    ServiceMinutes = "service.minutes";
    ServiceAdd = "service.add";
    ServicePromise = "service.promise" (name);
    ServiceStart = "service.start";
    ServiceReady = "service.ready";
    ServiceCall = "service.call";
    ServiceNews = "service.news";
    ServiceDoneBy = "service.done_by" (name);
    ServiceSteps = "service.steps" (names);
    SpeakLanguages = "speak.languages";
    SpeakForms = "speak.forms";
    SpeakFormal = "speak.formal";
    SpeakInformal = "speak.informal";
    SpeakNames = "speak.names";
    SpeakInitial = "speak.initial";
    SpeakCode = "speak.code";
    SpeakShare = "speak.share";
    SpeakShareOf = "speak.share_of" (n, of);
    SpeakShareHow = "speak.share_how";
    SpeakMakeGoods = "speak.make_goods";
    SpeakQuietFrom = "speak.quiet_from";
    SpeakQuietTo = "speak.quiet_to";
    SpeakRemote = "speak.remote";
    SpeakRemoteDoors = "speak.remote_doors";
    SpeakRemoteAlways = "speak.remote_always";
    SpeakRemoteNever = "speak.remote_never";
    SpeakErase = "speak.erase";
    SpeakMore = "speak.more";
    PrintHow = "print.how";
    PrintPoster = "print.poster";
    PrintDoor = "print.door";
    PrintTable = "print.table";
    PosterScan = "poster.scan";
    PosterTell = "poster.tell";
    TryThere = "try.there";
    TryThereIs = "try.there_is" (name);
    TryJoin = "try.join";
    TryHow = "try.how";
    TryJoined = "try.joined" (name);
    TryBack = "try.back";
    TryBackAt = "try.back_at" (at);
    TryTaken = "try.taken";
    TryLate = "try.late";
    TryLobby = "try.lobby";
    TryClosed = "try.closed";
    FaultMissing = "fault.missing";
    FaultText = "fault.text";
    FaultSpan = "fault.span";
    FaultRange = "fault.range";
    FaultZone = "fault.zone";
    FaultHours = "fault.hours";
    FaultNeeded = "fault.needed";
    FaultParts = "fault.parts";
    ShiftWho = "shift.who";
    ShiftPin = "shift.pin" (name);
    ShiftOther = "shift.other";
    ShiftAdd = "shift.add";
    ShiftLock = "shift.lock";
    ShiftBy = "shift.by" (name);
    DeedOwnerMade = "deed.owner_made";
    DeedPasswordChanged = "deed.password_changed";
    DeedRecovered = "deed.recovered";
    DeedSignedIn = "deed.signed_in";
    DeedSignedOut = "deed.signed_out";
    DeedLockedOut = "deed.locked_out";
    DeedPaired = "deed.paired" (what);
    DeedUnpaired = "deed.unpaired" (what);
    DeedKeyMade = "deed.key_made" (what);
    DeedKeyRevoked = "deed.key_revoked" (what);
    DeedPinSet = "deed.pin_set" (name);
    DeedPinCleared = "deed.pin_cleared" (name);
    DeedShift = "deed.shift" (name);
    DeedLocked = "deed.locked" (what);
    DeedExported = "deed.exported" (what);
    DeedErased = "deed.erased" (what);
    ByOperator = "by.operator";
    ByOwner = "by.owner";
    ByCustomer = "by.customer";
    ByNobody = "by.nobody";
    ActNewLink = "act.new_link";
    ActNewLinkSure = "act.new_link_sure";
    DeedLink = "deed.link" (what);
    DeedOwnerReset = "deed.owner_reset";
}
