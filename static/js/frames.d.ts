// Made by `python -m server.asyncapi` from the types of the server. Do not edit.

interface AddNoteCommand { type: 'add_note'; message: string; note: string; }
interface AdmitCommand { type: 'admit'; seat: string | null; }
interface AnswerPauseAskingCommand { type: 'answer_pause_asking'; answer: string; }
interface AnswerTemperatureCommand { type: 'answer_temperature'; answer: number; }
interface AnswerTwinCommand { type: 'answer_twin'; yes: boolean; }
interface AskForPauseCommand { type: 'ask_for_pause';  }
interface AskTemperatureCommand { type: 'ask_temperature'; question: string; answers: Array<string>; }
interface AssignLeadCommand { type: 'assign_lead'; seat: string; }
interface BackToLobbyCommand { type: 'back_to_lobby'; seat: string; reason: string; }
interface BeginClosingCommand { type: 'begin_closing';  }
interface BeginRoundCommand { type: 'begin_round'; card: string; seconds?: number; order?: string; }
interface CallCommand { type: 'call'; seat: string; }
interface CallNextCommand { type: 'call_next';  }
interface CallOnCallCommand { type: 'call_on_call';  }
interface CarryOnCommand { type: 'carry_on';  }
interface CheckInCommand { type: 'check_in'; card: string; }
interface CheckLineCommand { type: 'check_line'; line: string; }
interface ClaimLineCommand { type: 'claim_line'; seat: string; }
interface ClearHandsCommand { type: 'clear_hands';  }
interface ClearScreensCommand { type: 'clear_screens';  }
interface CoSignCommand { type: 'co_sign'; id: string; yes?: boolean; }
interface ComeBackLaterCommand { type: 'come_back_later';  }
interface ComeOnDutyCommand { type: 'come_on_duty';  }
interface DeclineCommand { type: 'decline'; seat: string; words: string; }
interface DeclineLineCommand { type: 'decline_line';  }
interface DoneCommand { type: 'done';  }
interface DropLineCommand { type: 'drop_line'; line: string; }
interface EndCommand { type: 'end';  }
interface EndForSafetyCommand { type: 'end_for_safety'; reason: string; }
interface EndRoundCommand { type: 'end_round';  }
interface ExtendCommand { type: 'extend';  }
interface FlagItCommand { type: 'flag'; verb: string; message?: string | null; seat?: string | null; text?: string; }
interface FlagAboutFacilitationCommand { type: 'flag_about_facilitation';  }
interface FreezeNamesCommand { type: 'freeze_names'; on: boolean; }
interface GiveBackCommand { type: 'give_back'; message: string; words: string; }
interface GoOnRoundCommand { type: 'go_on_round';  }
interface GoToCornerCommand { type: 'go_to_corner'; shown: boolean; leave_be: boolean; }
interface HandOverCommand { type: 'hand_over'; seat: string; }
interface KeepCopyCommand { type: 'keep_copy'; messages: Array<string>; danger?: boolean; }
interface KeepToAgreementCommand { type: 'keep_to_agreement'; version: number; }
interface LeaveCommand { type: 'leave';  }
interface LeaveCornerCommand { type: 'leave_corner';  }
interface ListenCommand { type: 'listen'; on: boolean; }
interface LookFirstCommand { type: 'look_first'; seat: string | null; minutes?: number; }
interface LowerHandCommand { type: 'lower_hand';  }
interface MakeSlipCommand { type: 'make_slip'; messages: Array<string>; danger?: boolean; }
interface MoreTimeCommand { type: 'more_time';  }
interface MoveHandCommand { type: 'move_hand'; seat: string; place: number; reason: string; }
interface ObjectCommand { type: 'object'; line: string; }
interface OfferMoveCommand { type: 'offer_move'; code_hash: string; }
interface OpenTwinCommand { type: 'open_twin'; seat: string; }
interface PassOnCommand { type: 'pass_on'; message: string; }
interface PassTurnCommand { type: 'pass_turn';  }
interface PauseCommand { type: 'pause'; reason: string; }
interface PauseRoundCommand { type: 'pause_round';  }
interface PostLobbyNoteCommand { type: 'post_lobby_note'; text: string; }
interface PromptCommand { type: 'prompt'; text: string; }
interface ProposeLineCommand { type: 'propose_line'; text: string; }
interface QuietCommand { type: 'quiet'; seat: string; minutes: number; reason: string; }
interface RaiseHandCommand { type: 'raise_hand'; reason?: string; }
interface ReactCommand { type: 'react'; message: string; kind: string; }
interface ReadmitCommand { type: 'readmit'; seat: string; }
interface ReleaseLineCommand { type: 'release_line'; seat: string; }
interface RemoveCommand { type: 'remove'; seat: string; reason: string; }
interface RenameCommand { type: 'rename'; name: string; }
interface RestoreCommand { type: 'restore'; message: string; }
interface ResumeCommand { type: 'resume';  }
interface SayCommand { type: 'say'; text: string; note?: string; tag?: string; }
interface SetCapacityCommand { type: 'set_capacity'; seats: number; }
interface SetDoorCommand { type: 'set_door'; door: string; }
interface SetExtraTimeCommand { type: 'set_extra_time'; times: number; }
interface SetModeCommand { type: 'set_mode'; mode: string; minutes?: number | null; }
interface SetTagCommand { type: 'set_tag'; tag: string; }
interface ShieldCommand { type: 'shield'; on: boolean; }
interface ShortenRoundCommand { type: 'shorten_round'; seconds: number; }
interface ShowTimerCommand { type: 'show_timer'; on: boolean; }
interface SkipHandCommand { type: 'skip_hand'; seat: string; }
interface SlowModeCommand { type: 'slow_mode'; seconds: number; }
interface StartCommand { type: 'start';  }
interface StepBackCommand { type: 'step_back';  }
interface SuspendCommand { type: 'suspend'; seat: string; }
interface TakeBackCommand { type: 'take_back'; message: string; }
interface TakeDownCommand { type: 'take_down'; message: string; category: string; }
interface TakeLeadCommand { type: 'take_lead';  }
interface TakeOfferCommand { type: 'take_offer';  }
interface TakeWorriesCommand { type: 'take_worries';  }
interface UnquietCommand { type: 'unquiet'; seat: string; }
interface WriteBackchannelCommand { type: 'write_backchannel'; text: string; }
interface WriteLineCommand { type: 'write_line'; seat: string | null; text: string; }
type AnyCommand = AddNoteCommand | AdmitCommand | AnswerPauseAskingCommand | AnswerTemperatureCommand | AnswerTwinCommand | AskForPauseCommand | AskTemperatureCommand | AssignLeadCommand | BackToLobbyCommand | BeginClosingCommand | BeginRoundCommand | CallCommand | CallNextCommand | CallOnCallCommand | CarryOnCommand | CheckInCommand | CheckLineCommand | ClaimLineCommand | ClearHandsCommand | ClearScreensCommand | CoSignCommand | ComeBackLaterCommand | ComeOnDutyCommand | DeclineCommand | DeclineLineCommand | DoneCommand | DropLineCommand | EndCommand | EndForSafetyCommand | EndRoundCommand | ExtendCommand | FlagItCommand | FlagAboutFacilitationCommand | FreezeNamesCommand | GiveBackCommand | GoOnRoundCommand | GoToCornerCommand | HandOverCommand | KeepCopyCommand | KeepToAgreementCommand | LeaveCommand | LeaveCornerCommand | ListenCommand | LookFirstCommand | LowerHandCommand | MakeSlipCommand | MoreTimeCommand | MoveHandCommand | ObjectCommand | OfferMoveCommand | OpenTwinCommand | PassOnCommand | PassTurnCommand | PauseCommand | PauseRoundCommand | PostLobbyNoteCommand | PromptCommand | ProposeLineCommand | QuietCommand | RaiseHandCommand | ReactCommand | ReadmitCommand | ReleaseLineCommand | RemoveCommand | RenameCommand | RestoreCommand | ResumeCommand | SayCommand | SetCapacityCommand | SetDoorCommand | SetExtraTimeCommand | SetModeCommand | SetTagCommand | ShieldCommand | ShortenRoundCommand | ShowTimerCommand | SkipHandCommand | SlowModeCommand | StartCommand | StepBackCommand | SuspendCommand | TakeBackCommand | TakeDownCommand | TakeLeadCommand | TakeOfferCommand | TakeWorriesCommand | UnquietCommand | WriteBackchannelCommand | WriteLineCommand;

interface AdmittedEvent { type: 'admitted'; at: number; seat: string; by: string; }
interface AgreementChangedEvent { type: 'agreement_changed'; at: number; version: number; until: number; }
interface ArrivedEvent { type: 'arrived'; at: number; people: Array<{ id: string; name: string; role: 'member' | 'facilitator' | 'organiser' | 'clock'; place: 'queued' | 'waiting' | 'inside' | 'gone'; arrived_at: number; listening?: boolean; let_in?: boolean; inside_since?: number | null; away_since?: number | null; left_at?: number | null; quiet_until?: number | null; quiet_reason?: string; look_until?: number | null; corner_since?: number | null; corner_shown?: boolean; leave_be?: boolean; extra?: number; timer_shown?: boolean; tag?: string; renamed_at?: number | null; off_duty?: boolean; declined?: boolean; nudged?: boolean; to_agree?: string; work?: string; knocked_after?: number | null; arriving?: string; }>; }
interface BackchannelWrittenEvent { type: 'backchannel_written'; at: number; id: string; seat: string; name: string; text: string; }
interface CalledEvent { type: 'called'; at: number; seat: string; by: string; }
interface CalledOffEvent { type: 'called_off'; at: number; why: string; by: string; }
interface CameOnDutyEvent { type: 'came_on_duty'; at: number; seat: string; name: string; }
interface CapacitySetEvent { type: 'capacity_set'; at: number; seats: number; by: string; }
interface CarriedOnEvent { type: 'carried_on'; at: number; seat: string; }
interface CheckingEvent { type: 'checking'; at: number; line: string; until: number; by: string; }
interface ClosingEvent { type: 'closing'; at: number; ends_at: number; by: string; unattended?: boolean; ending?: boolean; }
interface CopyKeptEvent { type: 'copy_kept'; at: number; by: string; }
interface CosignAskedEvent { type: 'cosign_asked'; at: number; ask: { id: string; what: string; seat: string; reason: string; asked_by: string; until: number; }; by: string; }
interface CosignSettledEvent { type: 'cosign_settled'; at: number; id: string; }
interface DeclinedEvent { type: 'declined'; at: number; seat: string; words: string; by: string; }
interface DoorSetEvent { type: 'door_set'; at: number; door: 'shut' | 'open' | 'knock' | 'locked'; by: string; }
interface DoorsOpenedEvent { type: 'doors_opened'; at: number; counts?: boolean; }
interface EndSharedEvent { type: 'end_shared'; at: number; ends_at: number; }
interface EndedEvent { type: 'ended'; at: number; why: string; }
interface ExtendedEvent { type: 'extended'; at: number; ends_at: number; by: string; }
interface FinishedEvent { type: 'finished'; at: number; seat: string; }
interface FlaggedEvent { type: 'flagged'; at: number; verb: string; message: string; seat: string; text: string; by: string; name: string; }
interface HandLoweredEvent { type: 'hand_lowered'; at: number; seat: string; }
interface HandMovedEvent { type: 'hand_moved'; at: number; seat: string; place: number; reason: string; by: string; }
interface HandRaisedEvent { type: 'hand_raised'; at: number; seat: string; reason: string; }
interface HandSkippedEvent { type: 'hand_skipped'; at: number; seat: string; by: string; }
interface HandsClearedEvent { type: 'hands_cleared'; at: number; by: string; }
interface HeldEvent { type: 'held'; at: number; why?: string; }
interface KeptForLookEvent { type: 'kept_for_look'; at: number; message: string; seat: string; name: string; text: string; note: string; tag: string; }
interface KnockFirstEvent { type: 'knock_first'; at: number;  }
interface LeadOfferedEvent { type: 'lead_offered'; at: number; seat: string; by: string; }
interface LeadPassedEvent { type: 'lead_passed'; at: number; seat: string; name: string; }
interface LeftEvent { type: 'left'; at: number; seat: string; }
interface LeftCornerEvent { type: 'left_corner'; at: number; seat: string; since: number; }
interface LineAgreedEvent { type: 'line_agreed'; at: number; line: string; text: string; }
interface LineClaimedEvent { type: 'line_claimed'; at: number; seat: string; by: string; name: string; }
interface LineClosedEvent { type: 'line_closed'; at: number; seats: Array<string>; }
interface LineDeclinedEvent { type: 'line_declined'; at: number; seat: string; }
interface LineDroppedEvent { type: 'line_dropped'; at: number; line: string; }
interface LineObjectedEvent { type: 'line_objected'; at: number; line: string; }
interface LineProposedEvent { type: 'line_proposed'; at: number; id: string; seat: string; name: string; text: string; }
interface LineReleasedEvent { type: 'line_released'; at: number; seat: string; name: string; }
interface LineWrittenEvent { type: 'line_written'; at: number; id: string; line: string; seat: string; name: string; text: string; }
interface LinesShutEvent { type: 'lines_shut'; at: number;  }
interface ListeningChangedEvent { type: 'listening_changed'; at: number; seat: string; on: boolean; }
interface LobbyNotePostedEvent { type: 'lobby_note_posted'; at: number; id: string; seat: string; by: string; text: string; }
interface LookedAtEvent { type: 'looked_at'; at: number; message: string; seat: string; outcome: string; words?: string; }
interface LookingFirstEvent { type: 'looking_first'; at: number; on: boolean; by: string; }
interface LostTouchEvent { type: 'lost_touch'; at: number; seat: string; since: number; }
interface ModeChangedEvent { type: 'mode_changed'; at: number; mode: 'open' | 'hands' | 'round' | 'sit' | 'parked'; until: number | null; by: string; }
interface NamesFrozenEvent { type: 'names_frozen'; at: number; on: boolean; by: string; }
interface NotHeldEvent { type: 'not_held'; at: number;  }
interface NotedEvent { type: 'noted'; at: number; message: string; note: string; by: string; }
interface OfferOverEvent { type: 'offer_over'; at: number; seat: string; }
interface OfferTakenEvent { type: 'offer_taken'; at: number; seat: string; }
interface OnCallAlertedEvent { type: 'on_call_alerted'; at: number; why: string; }
interface OnlyTwoLeftEvent { type: 'only_two_left'; at: number;  }
interface PaceSetEvent { type: 'pace_set'; at: number; seconds: number; by: string; }
interface PauseAskedEvent { type: 'pause_asked'; at: number; seat: string | null; count: number | null; due: number | null; }
interface PauseAskingAnsweredEvent { type: 'pause_asking_answered'; at: number; answer: string; by: string; }
interface PauseAskingOverEvent { type: 'pause_asking_over'; at: number;  }
interface PausedEvent { type: 'paused'; at: number; by: string; reason: string; }
interface PowersSuspendedEvent { type: 'powers_suspended'; at: number; seat: string; name: string; }
interface PreviewEndedEvent { type: 'preview_ended'; at: number;  }
interface PromptedEvent { type: 'prompted'; at: number; text: string; by: string; }
interface QuietedEvent { type: 'quieted'; at: number; seat: string | null; until: number | null; reason: string | null; by: string; }
interface ReactedEvent { type: 'reacted'; at: number; message: string; seat: string; kind: string; }
interface ReadmittedEvent { type: 'readmitted'; at: number; seat: string; by: string; }
interface RemovedEvent { type: 'removed'; at: number; seat: string; reason: string; by: string; }
interface RenamedEvent { type: 'renamed'; at: number; seat: string; name: string; }
interface RestoredEvent { type: 'restored'; at: number; message: string; by: string; }
interface ResumedEvent { type: 'resumed'; at: number; by: string; }
interface ReturnedEvent { type: 'returned'; at: number; seat: string; first?: boolean; }
interface RoundBeganEvent { type: 'round_began'; at: number; card: string; seconds: number; order: Array<string>; by: string; }
interface RoundEndedEvent { type: 'round_ended'; at: number; by: string; }
interface RoundFinishedEvent { type: 'round_finished'; at: number; why?: string; }
interface RoundJoinedEvent { type: 'round_joined'; at: number; seat: string; }
interface RoundPausedEvent { type: 'round_paused'; at: number; by: string; }
interface RoundShortenedEvent { type: 'round_shortened'; at: number; seconds: number; by: string; }
interface RoundWentOnEvent { type: 'round_went_on'; at: number; by: string; }
interface SaidEvent { type: 'said'; at: number; id: string; seat: string; name: string; text: string; note?: string; tag?: string; slip?: string; }
interface ScreensClearedEvent { type: 'screens_cleared'; at: number; by: string; }
interface SeatLookedAtEvent { type: 'seat_looked_at'; at: number; seat: string; until: number | null; by: string; }
interface SeatOfferedEvent { type: 'seat_offered'; at: number; seat: string; }
interface SentToLobbyEvent { type: 'sent_to_lobby'; at: number; seat: string; reason: string; by: string; }
interface ShieldLoweredEvent { type: 'shield_lowered'; at: number; by: string; }
interface ShieldedEvent { type: 'shielded'; at: number; by: string; }
interface SitEndedEvent { type: 'sit_ended'; at: number; why: string; }
interface SomeoneOutsideEvent { type: 'someone_outside'; at: number;  }
interface SomeoneRemovedEvent { type: 'someone_removed'; at: number;  }
interface StartedEvent { type: 'started'; at: number; by: string; }
interface SteppedBackEvent { type: 'stepped_back'; at: number; seat: string; name: string; }
interface TakenBackEvent { type: 'taken_back'; at: number; message: string; }
interface TakenDownEvent { type: 'taken_down'; at: number; message: string; category: string; by: string; yours?: boolean; }
interface TemperatureAskedEvent { type: 'temperature_asked'; at: number; id: string; question: string; answers: Array<string>; until: number; by: string; }
interface TemperatureTakenEvent { type: 'temperature_taken'; at: number; id: string; totals: Array<number>; why?: string; }
interface TurnBeganEvent { type: 'turn_began'; at: number; seat: string; seconds: number | null; }
interface TurnEndedEvent { type: 'turn_ended'; at: number; seat: string; how: string; }
interface TurnPassedEvent { type: 'turn_passed'; at: number; seat: string; }
interface TwinAskedEvent { type: 'twin_asked'; at: number; seat: string; name: string; until: number; by: string; }
interface TwinDeclinedEvent { type: 'twin_declined'; at: number; name: string; }
interface TwinOpenedEvent { type: 'twin_opened'; at: number; seat: string; by: string; }
interface UnquietedEvent { type: 'unquieted'; at: number; seat: string | null; by: string; }
interface WentToCornerEvent { type: 'went_to_corner'; at: number; seat: string; since: number; shown: boolean; leave_be: boolean; }
interface WorriesTakenEvent { type: 'worries_taken'; at: number; seat: string; name: string; }
type AnyEvent = AdmittedEvent | AgreementChangedEvent | ArrivedEvent | BackchannelWrittenEvent | CalledEvent | CalledOffEvent | CameOnDutyEvent | CapacitySetEvent | CarriedOnEvent | CheckingEvent | ClosingEvent | CopyKeptEvent | CosignAskedEvent | CosignSettledEvent | DeclinedEvent | DoorSetEvent | DoorsOpenedEvent | EndSharedEvent | EndedEvent | ExtendedEvent | FinishedEvent | FlaggedEvent | HandLoweredEvent | HandMovedEvent | HandRaisedEvent | HandSkippedEvent | HandsClearedEvent | HeldEvent | KeptForLookEvent | KnockFirstEvent | LeadOfferedEvent | LeadPassedEvent | LeftEvent | LeftCornerEvent | LineAgreedEvent | LineClaimedEvent | LineClosedEvent | LineDeclinedEvent | LineDroppedEvent | LineObjectedEvent | LineProposedEvent | LineReleasedEvent | LineWrittenEvent | LinesShutEvent | ListeningChangedEvent | LobbyNotePostedEvent | LookedAtEvent | LookingFirstEvent | LostTouchEvent | ModeChangedEvent | NamesFrozenEvent | NotHeldEvent | NotedEvent | OfferOverEvent | OfferTakenEvent | OnCallAlertedEvent | OnlyTwoLeftEvent | PaceSetEvent | PauseAskedEvent | PauseAskingAnsweredEvent | PauseAskingOverEvent | PausedEvent | PowersSuspendedEvent | PreviewEndedEvent | PromptedEvent | QuietedEvent | ReactedEvent | ReadmittedEvent | RemovedEvent | RenamedEvent | RestoredEvent | ResumedEvent | ReturnedEvent | RoundBeganEvent | RoundEndedEvent | RoundFinishedEvent | RoundJoinedEvent | RoundPausedEvent | RoundShortenedEvent | RoundWentOnEvent | SaidEvent | ScreensClearedEvent | SeatLookedAtEvent | SeatOfferedEvent | SentToLobbyEvent | ShieldLoweredEvent | ShieldedEvent | SitEndedEvent | SomeoneOutsideEvent | SomeoneRemovedEvent | StartedEvent | SteppedBackEvent | TakenBackEvent | TakenDownEvent | TemperatureAskedEvent | TemperatureTakenEvent | TurnBeganEvent | TurnEndedEvent | TurnPassedEvent | TwinAskedEvent | TwinDeclinedEvent | TwinOpenedEvent | UnquietedEvent | WentToCornerEvent | WorriesTakenEvent;
